using System.Net;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class RequestStories
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong-key-0123456789")]
    [InlineData("Basic dGVzdA==")]
    [InlineData("Bearer")]
    public async Task Strangers_learn_nothing(string? authorization)
    {
        await using var house = await House.StartAsync();
        house.Api.DefaultRequestHeaders.Authorization = null;
        foreach (var path in (string[])["/api/v1/products", "/api/v1/products/none", "/api/v1/nothing", "/api/v1/transfers/x/content"])
        {
            var reply = await house.SendAsync("GET", path, null, authorization is null ? [] : [("Authorization", authorization)]);
            reply.IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.Equal("Bearer", reply.Http.Headers.WwwAuthenticate.ToString());
        }
    }

    [Theory]
    [InlineData("""{"name":5,"dialects":"x","foo":1,"deviceUrl":"ftp://x"}""", "name", "dialects", "foo")]
    [InlineData("""{"name":"","dialects":["tencent-hub","nope"],"deviceUrl":"ftp://x"}""", "name", "dialects", "deviceUrl")]
    [InlineData("""{"dialects":[]}""", "dialects")]
    [InlineData("""{"name":null}""", "dialects")]
    [InlineData("""{"dialects":[null]}""", "dialects")]
    [InlineData("""{"name":"\u0000","dialects":["dji"]}""", "name")]
    [InlineData("""{"name":"\ud800","dialects":["dji"]}""", "name")]
    public async Task Every_wrong_field_of_a_product_is_named(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        var reply = (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", body)).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(fields, reply.Wrong);
        Assert.DoesNotContain("Waybill.", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"secret":"short","tags":{"":"x"}}""", "secret", "tags")]
    [InlineData("""{"secret":5,"tags":{"a":1},"more":true}""", "secret", "tags", "more")]
    [InlineData("""{"tags":["a"]}""", "tags")]
    [InlineData("""{"tags":{"a":null}}""", "tags")]
    [InlineData("""{"secret":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVmMDEyMw=="}""", "secret")]
    public async Task Every_wrong_field_of_a_device_is_named(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        Assert.Equal(fields, (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345/devices/d", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Theory]
    [InlineData("""{"kind":"upload","file":{"name":"a/b","version":7,"size":1}}""", "file.version", "file.size")]
    [InlineData("""{"kind":"upload","file":{"name":"a/b"}}""", "kind", "product", "device", "file.name", "file.version")]
    [InlineData("""{"kind":"download","product":"p","device":"d","file":"x"}""", "file")]
    [InlineData("{}", "kind", "product", "device", "file.name", "file.version")]
    public async Task Every_wrong_field_of_a_transfer_is_named(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        Assert.Equal(fields, (await house.SendAsync("POST", "/api/v1/transfers", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Theory]
    [InlineData("{\n\"name\":\n}", "line 3, byte 1")]
    [InlineData("{", "line 1")]
    [InlineData("""{"name":"a","name":"b"}""", "twice")]
    [InlineData("[]", "object")]
    [InlineData("nonsense", "line 1")]
    public async Task Malformed_JSON_is_refused_with_its_place(string body, string place)
    {
        await using var house = await House.StartAsync();
        var reply = (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", body)).IsProblem(HttpStatusCode.BadRequest, "json_invalid");
        Assert.Contains(place, reply["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deeply_nested_and_oversized_bodies_are_refused()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", new string('[', 10_000))).IsProblem(HttpStatusCode.BadRequest, "json_invalid");
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", $$"""{"name":"{{new string('x', 2 << 20)}}"}""")).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Theory]
    [InlineData("a%2Fb/1", "name")]
    [InlineData("a%5Cb/1", "name")]
    [InlineData("a..b/1", "name")]
    [InlineData("a%22b/1", "name")]
    [InlineData("a%27b/1", "name")]
    [InlineData("a%7Bb/1", "name")]
    [InlineData("a%5Bb/1", "name")]
    [InlineData("a%0Ab/1", "name")]
    [InlineData("a/1%7D", "version")]
    [InlineData("a/1?type=ELEVENCHARS", "type")]
    [InlineData("a/1?type=A%20B", "type")]
    public async Task A_file_name_that_could_be_something_else_is_refused(string file, string field)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        Assert.Equal([field], (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/files/{file}", [1])).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task A_file_name_has_up_to_255_bytes()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/files/{string.Concat(Enumerable.Repeat("%E9%9F%B3", 85))}/1", [1])).Is(HttpStatusCode.Created);
        Assert.Equal(["name"], (await house.PutBytesAsync($"/api/v1/products/ABCDE12345/files/{string.Concat(Enumerable.Repeat("%E9%9F%B3", 86))}/1", [1])).Wrong);
    }

    [Theory]
    [InlineData("/api/v1/products/ABC", "product")]
    [InlineData("/api/v1/products/ABCDE1234%20", "product")]
    public async Task A_Tencent_product_id_has_ten_letters_and_digits(string path, string field)
    {
        await using var house = await House.StartAsync();
        Assert.Equal([field], (await house.SendAsync("PUT", path, """{"dialects":["tencent-hub"]}""")).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Theory]
    [InlineData("/api/v1/transfers?limit=0", "limit")]
    [InlineData("/api/v1/transfers?limit=x", "limit")]
    [InlineData("/api/v1/transfers?limit=1001", "limit")]
    [InlineData("/api/v1/transfers?kind=both&state=done", "kind", "state")]
    [InlineData("/api/v1/transfers?stat=ok", "stat")]
    [InlineData("/api/v1/products?product=x", "product")]
    public async Task A_wrong_query_is_refused(string path, params string[] fields)
    {
        await using var house = await House.StartAsync();
        Assert.Equal(fields, (await house.SendAsync("GET", path)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Theory]
    [InlineData("/api/v1/transfers?after=nonsense")]
    [InlineData("/api/v1/products?after=%21%21")]
    public async Task A_cursor_that_is_none_is_refused(string path)
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("GET", path)).IsProblem(HttpStatusCode.BadRequest, "cursor_invalid");
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_are_problems_too()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("GET", "/api/v1/nothing")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await house.SendAsync("DELETE", "/api/v1/transfers")).IsProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        (await house.SendAsync("GET", "/api/v1/transfers/nothing")).IsProblem(HttpStatusCode.NotFound, "transfer_not_found");
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_happens_once_and_its_secret_is_not_kept()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        const string Rotate = "/api/v1/products/ABCDE12345/devices/dev001/secret:rotate";
        var first = (await house.SendAsync("POST", Rotate, """{"overlapSeconds":60}""", ("Idempotency-Key", "k1"))).Is(HttpStatusCode.OK);
        var again = (await house.SendAsync("POST", Rotate, """{"overlapSeconds":60}""", ("Idempotency-Key", "k1"))).Is(HttpStatusCode.OK);
        Assert.NotNull(first["secret"]);
        Assert.Null(again["secret"]);
        Assert.Equal(first["previousValidUntil"], again["previousValidUntil"]);
        (await house.SendAsync("POST", Rotate, """{"overlapSeconds":61}""", ("Idempotency-Key", "k1"))).IsProblem(HttpStatusCode.Conflict, "idempotency_mismatch");
        (await house.SendAsync("POST", Rotate, """{}""", ("Idempotency-Key", "k 2"))).IsProblem(HttpStatusCode.BadRequest, "invalid");
        await house.RestartAsync();
        Assert.Equal(first["previousValidUntil"], (await house.SendAsync("POST", Rotate, """{"overlapSeconds":60}""", ("Idempotency-Key", "k1")))["previousValidUntil"]);
    }

    [Fact]
    public async Task A_refused_request_may_try_again_with_its_key()
    {
        await using var house = await House.StartAsync();
        const string Order = """{"kind":"download","product":"ABCDE12345","device":"dev001","file":{"name":"a","version":"1"}}""";
        (await house.SendAsync("POST", "/api/v1/transfers", Order, ("Idempotency-Key", "k"))).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        await house.DeviceAsync();
        (await house.PutBytesAsync("/api/v1/products/ABCDE12345/files/a/1", [1])).Is(HttpStatusCode.Created);
        var order = (await house.SendAsync("POST", "/api/v1/transfers", Order, ("Idempotency-Key", "k"))).Is(HttpStatusCode.Created);
        (await house.SendAsync("POST", $"/api/v1/transfers/{order.Id}/cancel")).Is(HttpStatusCode.OK);
        var again = (await house.SendAsync("POST", "/api/v1/transfers", Order, ("Idempotency-Key", "k"))).Is(HttpStatusCode.Created);
        Assert.Equal(order.Text, again.Text);
    }
}
