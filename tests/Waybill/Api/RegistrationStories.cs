using System.Net;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class RegistrationStories
{
    const string Product = "/api/v1/products/ABCDE12345";

    [Fact]
    public async Task A_products_rule_is_put_patched_and_taken_away()
    {
        await using var house = await House.StartAsync();
        var made = (await house.SendAsync("PUT", Product, """{"dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created);
        Assert.Equal(("off", null, "0", "False"), Shown(made));
        var put = await house.SendAsync("PUT", Product, """{"dialects":["tencent-hub"],"registration":{"policy":"auto-create","limit":1000}}""");
        Assert.Equal(("auto-create", "1000", "0", "False"), Shown(put.Is(HttpStatusCode.OK)));
        Assert.Equal(("auto-create", "1000", "0", "False"), Shown(await house.SendAsync("PATCH", Product, """{"name":"Bell"}""")));
        Assert.Equal(("allow-list", null, "0", "False"), Shown(await house.SendAsync("PATCH", Product, """{"registration":{"policy":"allow-list"}}""")));
        Assert.Equal(("off", null, "0", "False"), Shown(await house.SendAsync("PUT", Product, """{"dialects":["tencent-hub"]}""")));
    }

    [Theory]
    [InlineData("""{"dialects":["tencent-hub"],"registration":{"policy":"open"}}""", "registration.policy")]
    [InlineData("""{"dialects":["tencent-hub"],"registration":{"limit":7}}""", "registration.policy")]
    [InlineData("""{"dialects":["tencent-hub"],"registration":{"policy":"off","limit":-1}}""", "registration.limit")]
    [InlineData("""{"dialects":["tencent-hub"],"registration":{"policy":"off","most":1}}""", "registration.most")]
    [InlineData("""{"dialects":["dji"],"registration":{"policy":"allow-list"}}""", "registration.policy")]
    public async Task A_wrong_rule_is_named(string body, string field)
    {
        await using var house = await House.StartAsync();
        var refused = (await house.SendAsync("PUT", Product, body)).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Contains(field, refused.Wrong);
    }

    [Fact]
    public async Task A_product_secret_is_shown_once_where_Waybill_made_it_and_nowhere_else()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Product, """{"dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created);
        var made = (await house.SendAsync("POST", Product + "/registration-secret", null, ("Idempotency-Key", "once"))).Is(HttpStatusCode.OK);
        Assert.Equal(24, made["secret"]!.Length);
        Assert.Null(made["previousValidUntil"]);
        var replayed = (await house.SendAsync("POST", Product + "/registration-secret", null, ("Idempotency-Key", "once"))).Is(HttpStatusCode.OK);
        Assert.Null(replayed["secret"]);
        var got = (await house.SendAsync("GET", Product)).Is(HttpStatusCode.OK);
        Assert.Equal("True", got["registration.secretSet"]);
        Assert.DoesNotContain(made["secret"]!, got.Text + (await house.SendAsync("GET", "/api/v1/products")).Text, StringComparison.Ordinal);
        var given = await house.SendAsync("POST", Product + "/registration-secret", """{"secret":"hzvf5LF9S0isvBhDSauWMaIk","overlapSeconds":60}""");
        Assert.Null(given.Is(HttpStatusCode.OK)["secret"]);
        Assert.NotNull(given["previousValidUntil"]);
    }

    [Theory]
    [InlineData("fifteen-letters")]
    [InlineData("with spaces in it, which are not allowed")]
    [InlineData("ÄÖÜ-is-no-ASCII-at-all")]
    public async Task A_secret_that_cannot_be_a_key_is_refused(string secret)
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Product, """{"dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created);
        var refused = await house.SendAsync("POST", Product + "/registration-secret", $$"""{"secret":"{{secret}}"}""");
        Assert.Equal(["secret"], refused.IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task What_is_not_there_has_no_secret_and_opens_nothing()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("POST", Product + "/registration-secret")).IsProblem(HttpStatusCode.NotFound, "product_not_found");
        await house.DeviceAsync();
        (await house.SendAsync("POST", Product + "/devices/dev002/registration:open")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
        var opened = (await house.SendAsync("POST", Product + "/devices/dev001/registration:open", """{"seconds":60}""")).Is(HttpStatusCode.OK);
        Assert.Equal(opened["openUntil"], (await house.SendAsync("GET", Product + "/devices/dev001"))["registrationOpenUntil"]);
    }

    [Fact]
    public async Task The_document_knows_of_it()
    {
        await using var house = await House.StartAsync();
        var document = (await house.SendAsync("GET", "/openapi/v1.json")).Is(HttpStatusCode.OK).Text;
        Assert.Contains("/api/v1/products/{product}/registration-secret", document, StringComparison.Ordinal);
        Assert.Contains("RegistrationBody", document, StringComparison.Ordinal);
        Assert.DoesNotContain("/register/dev", document, StringComparison.Ordinal);
    }

    static (string?, string?, string?, string?) Shown(Reply product) =>
        (product["registration.policy"], product["registration.limit"], product["registration.made"], product["registration.secretSet"]);
}
