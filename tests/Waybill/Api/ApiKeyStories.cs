using System.Net;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class ApiKeyStories
{
    const string Products = "/api/v1/products";
    const string Content = $"{Products}/{Keyring.Product}/devices/dev001/files/a/1/content";

    [Fact]
    public async Task A_key_is_shown_once_lets_in_and_ends_when_it_is_deleted()
    {
        await using var house = await House.StartAsync();
        var key = await house.KeyAsync("reader");
        (await house.ByAsync(key, "GET", Products)).Is(HttpStatusCode.OK);
        var list = await house.SendAsync("GET", "/api/v1/keys");
        Assert.Equal("reader", list["items.0.role"]);
        Assert.DoesNotContain(key, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("ash", list.Text, StringComparison.Ordinal);
        Assert.Null((await house.SendAsync("PUT", "/api/v1/keys/reader", """{"role":"operator"}""")).Is(HttpStatusCode.OK)["key"]);
        (await house.ByAsync(key, "PUT", $"{Products}/{Keyring.Product}", """{"dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("DELETE", "/api/v1/keys/reader")).Is(HttpStatusCode.NoContent);
        (await house.ByAsync(key, "GET", Products)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await house.SendAsync("DELETE", "/api/v1/keys/reader")).IsProblem(HttpStatusCode.NotFound, "key_not_found");
        var next = await house.KeyAsync("reader");
        (await house.ByAsync(key, "GET", Products)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await house.ByAsync(next, "GET", Products)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_rotated_key_and_the_one_before_are_valid_for_the_overlap()
    {
        await using var house = await House.StartAsync();
        var first = await house.KeyAsync("reader");
        var second = (await house.SendAsync("POST", "/api/v1/keys/reader/rotate", """{"overlapSeconds":600}""")).Is(HttpStatusCode.OK)["key"]!;
        (await house.ByAsync(first, "GET", Products)).Is(HttpStatusCode.OK);
        (await house.ByAsync(second, "GET", Products)).Is(HttpStatusCode.OK);
        var third = (await house.SendAsync("POST", "/api/v1/keys/reader/rotate", """{"overlapSeconds":0}""")).Is(HttpStatusCode.OK)["key"]!;
        (await house.ByAsync(first, "GET", Products)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await house.ByAsync(second, "GET", Products)).IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        (await house.ByAsync(third, "GET", Products)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disabled_key_waits_until_it_is_enabled()
    {
        await using var house = await House.StartAsync();
        var key = await house.KeyAsync("reader");
        (await house.SendAsync("PATCH", "/api/v1/keys/reader", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        (await house.ByAsync(key, "GET", Products)).IsProblem(HttpStatusCode.Unauthorized, "key_disabled");
        (await house.SendAsync("PATCH", "/api/v1/keys/reader", """{"disabled":false}""")).Is(HttpStatusCode.OK);
        (await house.ByAsync(key, "GET", Products)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_a_key_was_used_last_is_noted_to_the_minute()
    {
        await using var house = await House.StartAsync();
        var key = await house.KeyAsync("reader");
        Assert.Null((await house.SendAsync("GET", "/api/v1/keys/reader"))["lastUsed"]);
        (await house.ByAsync(key, "GET", Products)).Is(HttpStatusCode.OK);
        await house.RestartAsync();
        Assert.EndsWith(":00Z", (await house.SendAsync("GET", "/api/v1/keys/reader"))["lastUsed"], StringComparison.Ordinal);
        (await house.ByAsync(key, "GET", Products)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Bytes_of_a_device_are_read_only_by_a_key_with_that_right()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.PutBytesAsync(Content[..^"/content".Length], [65])).Is(HttpStatusCode.Created);
        var key = await house.KeyAsync("reader");
        (await house.ByAsync(key, "GET", Content)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.SendAsync("PATCH", "/api/v1/keys/reader", """{"content":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("A", (await house.ByAsync(key, "GET", Content)).Is(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task An_idempotency_key_is_its_caller_s_own()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        const string Rotate = $"{Products}/{Keyring.Product}/devices/dev001/secret:rotate";
        var key = await house.KeyAsync("operator");
        var mine = await house.SendAsync("POST", Rotate, """{"overlapSeconds":60}""", ("Idempotency-Key", "k"));
        var theirs = await house.SendAsync("POST", Rotate, """{"overlapSeconds":60}""", ("Idempotency-Key", "k"), ("Authorization", $"Bearer {key}"));
        Assert.NotNull(mine["secret"]);
        Assert.NotNull(theirs["secret"]);
        Assert.NotEqual(mine["secret"], theirs["secret"]);
        var text = (await house.SendAsync("POST", "/api/v1/keys/operator/rotate", "{}", ("Idempotency-Key", "r"))).Is(HttpStatusCode.OK);
        Assert.NotNull(text["key"]);
        Assert.Null((await house.SendAsync("POST", "/api/v1/keys/operator/rotate", "{}", ("Idempotency-Key", "r"))).Is(HttpStatusCode.OK)["key"]);
    }

    [Theory]
    [InlineData("{}", "role")]
    [InlineData("""{"role":"king","products":[]}""", "role", "products")]
    [InlineData("""{"role":"reader","products":["a b"],"content":"yes"}""", "content")]
    [InlineData("""{"role":"reader","products":["a","a"]}""", "products")]
    [InlineData("""{"role":"reader","products":[null]}""", "products")]
    public async Task Wrong_rights_are_refused(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        Assert.Equal(fields, (await house.SendAsync("PUT", "/api/v1/keys/k", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
        (await house.SendAsync("PUT", "/api/v1/keys/k", """{"role":"owner","products":["a"]}""")).IsProblem(HttpStatusCode.Conflict, "owner_has_no_scope");
    }

    [Fact]
    public void A_key_with_any_character_changed_does_not_fit()
    {
        var (text, hash) = ApiKeyText.Make(7);
        Assert.True(ApiKeyText.Fits(text, hash));
        for (var i = 0; i < text.Length; i++)
            Assert.False(ApiKeyText.Fits($"{text[..i]}{(text[i] == 'x' ? 'y' : 'x')}{text[(i + 1)..]}", hash));
        Assert.False(ApiKeyText.Fits(text, null));
        Assert.False(ApiKeyText.Fits("", []));
    }
}
