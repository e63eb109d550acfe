using System.Net;
using Waybill.Data;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class StorageKeyStories
{
    const string Keys = "/api/v1/storage/keys";
    const string Dock1 = """{"bucket":"box","prefix":"dock1/","access":"readwrite"}""";
    const string Denied = "AccessDenied";

    [Fact]
    public async Task A_key_opens_its_prefix_and_nothing_beside_it()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (_, key) = await house.StorageKeyAsync(Dock1);

        Assert.Null(await house.PutAsync(key, "dock1/a"));
        Assert.Null(await house.GetAsync(key, "dock1/a"));
        Assert.Null(await house.ListAsync(key, "dock1/"));
        Assert.Null(await house.ListAsync(key, "dock1/deeper/"));
        foreach (var beside in (string[])["a", "dock1", "dock10/a", "dock2/a"])
            Assert.Equal(Denied, await house.PutAsync(key, beside));
        Assert.Equal(Denied, await house.GetAsync(key, "dock2/a"));
        Assert.Equal(Denied, await house.ListAsync(key, ""));
        Assert.Equal(Denied, await house.ListAsync(key, "dock"));
        Assert.Equal(Denied, await StoragePlay.TryAsync(house.S3(key), s3 => s3.ListBucketsAsync(House.Soon)));
        Assert.Equal(Denied, await StoragePlay.TryAsync(house.S3(key), s3 => s3.PutBucketAsync("other", House.Soon)));
        Assert.Equal(Denied, await StoragePlay.TryAsync(house.S3(key), s3 => s3.DeleteBucketAsync("box", House.Soon)));
        Assert.Null(await house.DeleteAsync(key, "dock1/a"));
    }

    [Fact]
    public async Task Reading_and_writing_are_apart()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (_, reader) = await house.StorageKeyAsync("""{"bucket":"box","access":"read"}""");
        var (_, writer) = await house.StorageKeyAsync("""{"bucket":"box","prefix":"in/","access":"write"},{"bucket":"box","prefix":"out/","access":"read"}""");

        Assert.Null(await house.PutAsync(writer, "in/a"));
        Assert.Null(await house.PutPartsAsync(writer, "in/b"));
        Assert.Equal(Denied, await house.GetAsync(writer, "in/a"));
        Assert.Equal(Denied, await house.ListAsync(writer, "in/"));
        Assert.Equal(Denied, await house.PutAsync(writer, "out/a"));
        Assert.Null(await house.ListAsync(writer, "out/"));
        Assert.Null(await house.GetAsync(reader, "in/a"));
        Assert.Null(await house.ListAsync(reader, ""));
        Assert.Equal(Denied, await house.PutAsync(reader, "in/a"));
        Assert.Equal(Denied, await house.PutPartsAsync(reader, "in/b"));
        Assert.Equal(Denied, await house.DeleteAsync(reader, "in/a"));
        // nor is what may not be read copied to where it may
        Assert.Equal(Denied, await StoragePlay.TryAsync(house.S3(writer), s3 => s3.CopyObjectAsync("box", "in/a", "box", "in/c", House.Soon)));
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_nowhere()
    {
        await using var house = await House.StartAsync();
        var body = $$"""{"name":"backup","rights":[{{Dock1}}]}""";
        var made = (await house.SendAsync("POST", Keys, body, ("Idempotency-Key", "k1"))).Is(HttpStatusCode.Created);
        var (id, secret) = (made["accessKey"]!, made["secretKey"]!);
        Assert.Equal($"{Keys}/{id}", made.Http.Headers.Location!.OriginalString);

        var again = (await house.SendAsync("POST", Keys, body, ("Idempotency-Key", "k1"))).Is(HttpStatusCode.Created);
        var one = (await house.SendAsync("GET", $"{Keys}/{id}")).Is(HttpStatusCode.OK);
        var list = (await house.SendAsync("GET", Keys)).Is(HttpStatusCode.OK);
        Assert.Equal(id, again["accessKey"]);
        Assert.Equal(("backup", "dock1/", "readwrite"), (one["name"], one["rights.0.prefix"], one["rights.0.access"]));
        Assert.Equal(id, list["items.0.accessKey"]);
        Assert.All((Reply[])[again, one, list], r => Assert.DoesNotContain(secret, r.Text, StringComparison.Ordinal));
        var row = await house.Get<Database>().FirstAsync<(string, string, string)>("select access_key, name, rights from s3_keys", null, House.Soon);
        Assert.DoesNotContain(secret, row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_key_ends_at_once_with_all_that_it_assumed()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (id, key) = await house.StorageKeyAsync(Dock1);
        var assumed = await house.AssumeAsync(key, "session-1");
        Assert.Null(await house.PutAsync(key, "dock1/a"));
        Assert.Null(await house.PutAsync(assumed, "dock1/a"));

        (await house.SendAsync("DELETE", $"{Keys}/{id}")).Is(HttpStatusCode.NoContent);
        Assert.Equal("InvalidAccessKeyId", await house.PutAsync(key, "dock1/a"));
        Assert.Equal(Denied, await house.PutAsync(assumed, "dock1/a"));
        (await house.SendAsync("DELETE", $"{Keys}/{id}")).IsProblem(HttpStatusCode.NotFound, "storage_key_not_found");
        (await house.SendAsync("GET", $"{Keys}/{id}")).IsProblem(HttpStatusCode.NotFound, "storage_key_not_found");
    }

    [Fact]
    public async Task A_role_assumed_with_a_key_allows_no_more_than_the_key()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (_, key) = await house.StorageKeyAsync(Dock1);
        var all = await house.AssumeAsync(key, "wide", """{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}""");
        var part = await house.AssumeAsync(key, "narrow", """{"Statement":{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::box/dock1/logs/*"}}""");

        Assert.Null(await house.PutAsync(all, "dock1/a"));
        Assert.Equal(Denied, await house.PutAsync(all, "dock2/a"));
        Assert.Null(await house.PutAsync(part, "dock1/logs/a"));
        Assert.Equal(Denied, await house.PutAsync(part, "dock1/a"));
        Assert.Equal(Denied, await house.GetAsync(part, "dock1/logs/a"));
        (await house.SendAsync("DELETE", "/api/v1/storage/sessions/narrow")).Is(HttpStatusCode.NoContent);
        Assert.Equal(Denied, await house.PutAsync(part, "dock1/logs/a"));
        Assert.Null(await house.PutAsync(all, "dock1/a"));
    }

    [Fact]
    public async Task Rights_that_no_token_holds_are_handed_on_by_a_policy()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var rights = Enumerable.Range(0, 50).Select(n => Dock1.Replace("dock1", new string('a', 400) + n, StringComparison.Ordinal));
        var (_, key) = await house.StorageKeyAsync(string.Join(',', rights));
        var refused = await Assert.ThrowsAsync<Amazon.SecurityToken.Model.PackedPolicyTooLargeException>(() => house.AssumeAsync(key, "all"));
        Assert.Contains("too many", refused.Message, StringComparison.Ordinal);
        Assert.Null(await house.PutAsync(key, new string('a', 400) + "7/b"));
    }

    [Fact]
    public async Task What_another_node_changed_shows_by_itself()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (id, key) = await house.StorageKeyAsync(Dock1);
        Assert.Null(await house.PutAsync(key, "dock1/a"));
        await house.Get<Database>().WriteAsync(
            async db =>
            {
                await db.RunAsync("update sequences set next = next + 1 where name = 's3_keys'");
                return await db.RunAsync("delete from s3_keys where access_key = @id", new { id });
            },
            House.Soon);
        await Eventually.IsAsync("the key has ended", async () => await house.PutAsync(key, "dock1/a") == "InvalidAccessKeyId");
    }

    [Fact]
    public async Task A_key_outlives_the_server_and_tells_when_it_was_used()
    {
        await using var house = await House.StartAsync();
        await house.BucketAsync();
        var (id, key) = await house.StorageKeyAsync(Dock1);
        Assert.Null((await house.SendAsync("GET", $"{Keys}/{id}"))["lastUsed"]);
        Assert.Null(await house.PutAsync(key, "dock1/a"));

        await house.RestartAsync();
        Assert.NotNull((await house.SendAsync("GET", $"{Keys}/{id}"))["lastUsed"]);
        Assert.Null(await house.GetAsync(key, "dock1/a"));
    }

    [Theory]
    [InlineData("""{}""", "name", "rights")]
    [InlineData("""{"name":"a b","rights":[]}""", "name", "rights")]
    [InlineData("""{"name":"a","rights":[null]}""", "rights")]
    [InlineData("""{"name":"a","rights":[{"bucket":"b","prefix":"/","access":"all"}]}""", "rights[0].bucket", "rights[0].prefix", "rights[0].access")]
    [InlineData("""{"name":"a","rights":[{"bucket":"box","prefix":"logs","access":"read"}]}""", "rights[0].prefix")]
    [InlineData("""{"name":"a","rights":[{"bucket":"box","prefix":"a*/","access":"read"}]}""", "rights[0].prefix")]
    [InlineData("""{"name":"a","rights":[{"bucket":"box","access":"read"},{"bucket":"box","acess":"read"}]}""", "rights[1].acess")]
    [InlineData("""{"name":"a","rights":[{"bucket":1,"access":"read"}]}""", "rights[0].bucket")]
    public async Task What_is_wrong_with_a_key_is_told(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        var refused = (await house.SendAsync("POST", Keys, body)).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(fields, refused.Wrong);
    }

    [Fact]
    public async Task Keys_are_made_by_owners()
    {
        await using var house = await House.StartAsync();
        var role = await house.KeyAsync("operator");
        (await house.ByAsync(role, "POST", Keys, $$"""{"name":"a","rights":[{{Dock1}}]}""")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(role, "GET", Keys)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
    }
}
