using System.Net;
using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class MqttAccountStories
{
    [Fact]
    public async Task An_account_s_made_password_is_returned_once_and_lets_it_in()
    {
        await using var house = await House.StartAsync();
        var made = (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/app", """{"publish":["cmd/#"],"subscribe":["+/up/#","$thing/up/#"]}""")).Is(HttpStatusCode.Created);
        var login = house.Get<MqttAccountLogin>();
        var rules = await login.AdmitAsync("app", made["password"]!, House.Soon);
        Assert.Equal(["cmd/#"], rules.Publish);
        Assert.Equal(["+/up/#", "$thing/up/#"], rules.Subscribe);
        Assert.Null((await house.SendAsync("GET", "/api/v1/mqtt-accounts/app")).Is(HttpStatusCode.OK)["password"]);
        Assert.Equal("app", (await house.SendAsync("GET", "/api/v1/mqtt-accounts"))["items.0.name"]);
        (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/app", """{"publish":[]}""")).Is(HttpStatusCode.OK);
        Assert.Empty((await login.AdmitAsync("app", made["password"]!, House.Soon)).Subscribe);
        Assert.Equal("password_wrong", (await Assert.ThrowsAsync<RefusedException>(() => login.AdmitAsync("app", "wrong", House.Soon).AsTask())).Code);
        Assert.Equal("password_wrong", (await Assert.ThrowsAsync<RefusedException>(() => login.AdmitAsync("nobody", "wrong", House.Soon).AsTask())).Code);
        (await house.SendAsync("PATCH", "/api/v1/mqtt-accounts/app", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("account_disabled", (await Assert.ThrowsAsync<RefusedException>(() => login.AdmitAsync("app", made["password"]!, House.Soon).AsTask())).Code);
        (await house.SendAsync("PATCH", "/api/v1/mqtt-accounts/app", """{"disabled":false,"password":"another one"}""")).Is(HttpStatusCode.OK);
        await login.AdmitAsync("app", "another one", House.Soon);
        (await house.SendAsync("DELETE", "/api/v1/mqtt-accounts/app")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("GET", "/api/v1/mqtt-accounts/app")).IsProblem(HttpStatusCode.NotFound, "account_not_found");
    }

    [Theory]
    [InlineData("""{"publish":["a/#/b"]}""", "publish")]
    [InlineData("""{"publish":["a+"],"subscribe":[""]}""", "publish", "subscribe")]
    [InlineData("""{"password":"short"}""", "password")]
    [InlineData("""{"publish":"a"}""", "publish")]
    [InlineData("""{"publish":[null]}""", "publish")]
    public async Task Wrong_rules_are_refused(string body, params string[] fields)
    {
        await using var house = await House.StartAsync();
        Assert.Equal(fields, (await house.SendAsync("PUT", "/api/v1/mqtt-accounts/app", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }
}
