using System.Net;
using System.Net.Http.Headers;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.S3.Platform;

/// <summary>Buckets and their objects over the API.</summary>
public sealed class BucketStories
{
    static CancellationToken Ct => House.Soon;

    [Fact]
    public async Task Buckets_are_made_listed_limited_and_deleted_when_empty()
    {
        await using var house = await S3Play.HouseAsync();
        using var s3 = house.Owner();
        await s3.PutBucketAsync("by-s3", Ct);
        var made = (await house.SendAsync("PUT", "/api/v1/buckets/by-api", """{"maxBytes":100}""")).Is(HttpStatusCode.Created);
        Assert.Equal(("by-api", "0", "0", "100", null), (made["name"], made["objects"], made["bytes"], made["maxBytes"], made["maxObjects"]));
        Assert.Equal(["by-api", "by-s3"], (await s3.ListBucketsAsync(Ct)).Buckets.Select(b => b.BucketName));
        var page = (await house.SendAsync("GET", "/api/v1/buckets?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal("by-s3", (await house.SendAsync("GET", $"/api/v1/buckets?after={page["next"]}"))["items.0.name"]);

        await s3.PutAsync("a", [1, 2, 3], "by-api");
        var changed = (await house.SendAsync("PUT", "/api/v1/buckets/by-api", """{"maxObjects":5}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("1", "3", null, "5"), (changed["objects"], changed["bytes"], changed["maxBytes"], changed["maxObjects"]));
        (await house.SendAsync("DELETE", "/api/v1/buckets/by-api")).IsProblem(HttpStatusCode.Conflict, "bucket_not_empty");
        (await house.SendAsync("DELETE", "/api/v1/buckets/by-api/object?key=a")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", "/api/v1/buckets/by-api/object?key=a")).IsProblem(HttpStatusCode.NotFound, "object_not_found");
        (await house.SendAsync("DELETE", "/api/v1/buckets/by-api")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", "/api/v1/buckets/by-api")).IsProblem(HttpStatusCode.NotFound, "bucket_not_found");
    }

    [Theory]
    [InlineData("Upper", "{}", "bucket")]
    [InlineData("box", """{"maxBytes":-1}""", "maxBytes")]
    [InlineData("box", """{"maxObjects":"1"}""", "maxObjects")]
    [InlineData("box", """{"most":1}""", "most")]
    public async Task What_is_wrong_is_named(string name, string body, string field)
    {
        await using var house = await S3Play.HouseAsync();
        Assert.Equal([field], (await house.SendAsync("PUT", $"/api/v1/buckets/{name}", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task Objects_are_listed_by_prefix_in_pages()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync();
        using var s3 = house.Owner();
        string[] keys = ["a/1", "a/2", "a/" + new string('长', 340), "a0", "b"];
        foreach (var key in keys)
            await s3.PutAsync(key, [1]);
        var found = new List<string?>();
        var after = "";
        do
        {
            var page = (await house.SendAsync("GET", $"/api/v1/buckets/box/objects?prefix=a/&limit=1&after={after}")).Is(HttpStatusCode.OK);
            found.Add(page["items.0.key"]);
            after = page["next"];
        }
        while (after is not null);
        Assert.Equal(keys[..3], found);
        Assert.Equal(5, (await house.SendAsync("GET", "/api/v1/buckets/box/objects")).Json.GetProperty("items").GetArrayLength());
        (await house.SendAsync("GET", "/api/v1/buckets/none/objects")).IsProblem(HttpStatusCode.NotFound, "bucket_not_found");
        Assert.Equal(["prefix"], (await house.SendAsync("GET", $"/api/v1/buckets/box/objects?prefix={new string('a', 1025)}")).Is(HttpStatusCode.BadRequest).Wrong);
    }

    [Fact]
    public async Task An_object_is_looked_at_and_read_in_parts()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync();
        using var s3 = house.Owner();
        var put = new Amazon.S3.Model.PutObjectRequest { BucketName = "box", Key = "d/ü &.txt", ContentBody = "hello", ContentType = "text/plain" };
        put.Metadata.Add("site", "A");
        var etag = (await s3.PutObjectAsync(put, Ct)).ETag.Trim('"');

        var found = (await house.SendAsync("GET", "/api/v1/buckets/box/object?key=d%2F%C3%BC%20%26.txt")).Is(HttpStatusCode.OK);
        Assert.Equal(
            ("d/ü &.txt", "5", etag, "text/plain", "A", "OWNERKEY", null),
            (found["key"], found["size"], found["etag"], found["contentType"], found["metadata.site"], found["putBy"], found["device"]));
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/api/v1/buckets/box/object/content?key=d%2F%C3%BC%20%26.txt");
        ask.Headers.Range = new RangeHeaderValue(1, 3);
        using var part = await house.Api.SendAsync(ask, Ct);
        Assert.Equal((HttpStatusCode.PartialContent, "ell"), (part.StatusCode, await part.Content.ReadAsStringAsync(Ct)));
        Assert.Equal("attachment", part.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(["key"], (await house.SendAsync("GET", "/api/v1/buckets/box/object")).Is(HttpStatusCode.BadRequest).Wrong);
    }

    [Fact]
    public async Task A_key_for_some_products_does_not_get_to_buckets()
    {
        await using var house = await S3Play.HouseAsync();
        await house.DeviceAsync();
        await house.BucketAsync();
        var scoped = await house.KeyAsync("operator", Keyring.Product);
        foreach (var path in (string[])["", "/box", "/box/objects", "/box/object?key=a", "/box/object/content?key=a"])
            (await house.ByAsync(scoped, "GET", "/api/v1/buckets" + path)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(scoped, "DELETE", "/api/v1/buckets/box")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        var app = await house.KeyAsync("app");
        (await house.ByAsync(app, "GET", "/api/v1/buckets")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
    }
}
