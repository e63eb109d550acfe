using System.Net;
using System.Text;
using Waybill.Gate;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Tests.Api;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class RefusalStories
{
    const string Path = "/api/v1/mqtt/refusals";

    [Fact]
    public async Task Each_refused_CONNECT_is_listed_with_its_reason_and_without_what_it_brought()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345/devices/dev002", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        var (right, stranger) = (TencentLogin.Of("ABCDE12345", "dev001"), TencentLogin.Of("ABCDE12345", "nobody"));
        var wrong = TencentLogin.Of("ABCDE12345", "dev001", "b3RoZXIgc2VjcmV0IQ==");
        await RefusedAsync(house, stranger.Connect(MqttVersion.V311), MqttReasonCode.BadUserNameOrPassword);
        await RefusedAsync(house, wrong.Connect(MqttVersion.V311), MqttReasonCode.BadUserNameOrPassword);
        await RefusedAsync(house, TencentLogin.Of("ABCDE12345", "dev001", expiry: 1).Connect(MqttVersion.V311), MqttReasonCode.BadUserNameOrPassword);
        await RefusedAsync(house, TencentLogin.Of("ABCDE12345", "dev002").Connect(MqttVersion.V50), MqttReasonCode.NotAuthorized);
        await RefusedAsync(house, right.Connect(MqttVersion.V311) with { Password = "hunter2"u8.ToArray() }, MqttReasonCode.BadUserNameOrPassword);
        await RefusedAsync(house, right.Connect(MqttVersion.V311) with { UserName = null, Password = null }, MqttReasonCode.BadUserNameOrPassword);
        await RefusedAsync(house, new() { ClientId = "x", UserName = "app", Password = "hunter2"u8.ToArray() }, MqttReasonCode.BadUserNameOrPassword);

        var all = (await house.SendAsync("GET", Path)).Is(HttpStatusCode.OK);
        Assert.Equal(
            ["password_wrong", "credentials_missing", "credentials_malformed", "device_disabled", "signature_expired", "signature_wrong", "device_unknown"],
            ScopeStories.Of(all, "reason"));
        Assert.Equal(("app", "127.0.0.1", "connect"), (all["items.0.user"], all["items.0.address"]!.Replace("::ffff:", "", StringComparison.Ordinal), all["items.0.act"]));
        Assert.DoesNotContain("hunter2", all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong.Password[..20], all.Text, StringComparison.Ordinal);
        Assert.Equal(["device_unknown"], ScopeStories.Of(await house.SendAsync("GET", $"{Path}?product=ABCDE12345&device=nobody"), "reason"));
        Assert.Equal(4, ScopeStories.Of(await house.SendAsync("GET", $"{Path}?client=ABCDE12345dev001"), "reason").Count);
        Assert.Equal(["password_wrong"], ScopeStories.Of(await house.SendAsync("GET", $"{Path}?device=app"), "reason"));
    }

    [Fact]
    public async Task Refused_topics_are_listed_page_by_page_for_who_may_see_the_device()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(MqttVersion.V311));
        await Assert.ThrowsAnyAsync<Exception>(() => device.SubscribeAsync("ABCDE12345/dev002/x"));
        await device.SayAsync("ABCDE12345/dev002/y", "");
        var first = (await house.SendAsync("GET", $"{Path}?limit=1")).Is(HttpStatusCode.OK);
        Assert.Equal(("publish", "topic_not_allowed", "ABCDE12345/dev002/y", "ABCDE12345", "dev001"),
            (first["items.0.act"], first["items.0.reason"], first["items.0.topic"], first["items.0.product"], first["items.0.device"]));
        var second = (await house.SendAsync("GET", $"{Path}?limit=1&after={first["next"]}")).Is(HttpStatusCode.OK);
        Assert.Equal(("subscribe", "ABCDE12345/dev002/x", null), (second["items.0.act"], second["items.0.topic"], second["next"]));
        var key = await house.KeyAsync("reader", Keyring.Other);
        Assert.Empty(ScopeStories.Of(await house.ByAsync(key, "GET", Path), "act"));
        (await house.SendAsync("GET", $"{Path}?devcie=x")).IsProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_refused_dock_is_found_by_its_product_and_serial_number()
    {
        await using var house = await DocksAsync();
        // whatever client id it takes
        for (var n = 0; n < 3; n++)
            await RefusedAsync(house, Dock("7CTDM0DOCK01", "wrong", $"random-{n}"), MqttReasonCode.BadUserNameOrPassword);
        var found = (await house.SendAsync("GET", $"{Path}?product=docks&device=7CTDM0DOCK01")).Is(HttpStatusCode.OK);
        Assert.Equal(["password_wrong", "password_wrong", "password_wrong"], ScopeStories.Of(found, "reason"));
        Assert.Equal(("docks", "7CTDM0DOCK01", "random-2"), (found["items.0.product"], found["items.0.device"], found["items.0.client"]));
        var (own, other) = (await house.KeyAsync("reader", "docks"), await house.KeyAsync("operator", Keyring.Other));
        Assert.Equal(3, ScopeStories.Of(await house.ByAsync(own, "GET", Path), "reason").Count);
        Assert.Empty(ScopeStories.Of(await house.ByAsync(other, "GET", Path), "reason"));
    }

    [Fact]
    public async Task A_dock_that_nobody_registered_is_found_by_its_serial_number()
    {
        await using var house = await DocksAsync();
        await RefusedAsync(house, Dock("7CTDM0DOCK99", "any", "random"), MqttReasonCode.BadUserNameOrPassword);
        foreach (var ask in (string[])["device=7CTDM0DOCK99", "product=docks&device=7CTDM0DOCK99"])
            Assert.Equal(["password_wrong"], ScopeStories.Of(await house.SendAsync("GET", $"{Path}?{ask}"), "reason"));
        Assert.Empty(ScopeStories.Of(await house.SendAsync("GET", $"{Path}?product=docks"), "reason"));
    }

    [Fact]
    public async Task A_dock_with_its_products_login_is_found_by_what_the_login_and_its_topics_say()
    {
        await using var house = await DocksAsync();
        await RefusedAsync(house, Dock("pilots", "wrong", "a"), MqttReasonCode.BadUserNameOrPassword);
        var product = await house.KeyAsync("reader", "docks");
        Assert.Equal(["password_wrong"], ScopeStories.Of(await house.ByAsync(product, "GET", $"{Path}?product=docks"), "reason"));
        await using var dock = await AppClient.DialAsync(house.Server.MqttPort, Dock("pilots", "hush-password", "b"));
        await dock.SayAsync("thing/product/7CTDM0DOCK99/osd", "{}");
        var found = (await house.ByAsync(product, "GET", $"{Path}?product=docks&device=7CTDM0DOCK99")).Is(HttpStatusCode.OK);
        Assert.Equal(("topic_not_allowed", "pilots"), (found["items.0.reason"], found["items.0.user"]));
    }

    [Fact]
    public void Only_the_last_of_the_last_are_kept()
    {
        var refusals = new MqttRefusals(TimeProvider.System);
        for (var n = 0; n < 30; n++)
            refusals.Note(Refused("first", s_nobody, $"{n}"));
        Assert.Equal(Enumerable.Range(10, 20).Reverse().Select(n => $"{n}"), refusals.List(_ => true, long.MaxValue, 100).Select(r => r.Topic));
        for (var n = 0; n < MqttRefusals.MostClaimants; n++)
            refusals.Note(Refused($"{n}", s_nobody, new string('x', 1000)));
        var all = refusals.List(_ => true, long.MaxValue, int.MaxValue);
        Assert.Equal(MqttRefusals.MostClaimants, all.Count);
        Assert.DoesNotContain(all, r => r.Client == "first" || r.Topic!.Length > 256);
    }

    [Fact]
    public void Invented_names_push_no_registered_device_out()
    {
        var refusals = new MqttRefusals(TimeProvider.System);
        var device = new Claim("docks", "7CTDM0DOCK01", "7CTDM0DOCK01") { IsRegistered = true };
        refusals.Note(Refused("registered", device, "t"));
        for (var n = 0; n < MqttRefusals.MostClaimants + 10; n++)
        {
            refusals.Note(Refused("tencent", new("ABCDE12345", $"dev{n}", null), "t"));
            refusals.Note(Refused("dock", new(null, null, $"7CTDM{n}") { IsOfNobody = true }, "t"));
            refusals.Note(Refused($"client{n}", s_nobody, "t"));
        }
        Assert.Equal("registered", Assert.Single(refusals.List(r => r.IsOf(null, "docks", "7CTDM0DOCK01"), long.MaxValue, 10)).Client);
        Assert.Equal(MqttRefusals.MostClaimants, refusals.List(_ => true, long.MaxValue, int.MaxValue).Count);
    }

    [Fact]
    public void A_device_has_its_place_whatever_client_ids_it_takes()
    {
        var refusals = new MqttRefusals(TimeProvider.System);
        var device = new Claim("docks", "7CTDM0DOCK01", "7CTDM0DOCK01");
        for (var n = 0; n < 30; n++)
            refusals.Note(Refused($"random-{n}", device with { IsRegistered = n > 10 }, "t"));
        Assert.Equal(MqttRefusals.MostOfOne, refusals.List(_ => true, long.MaxValue, int.MaxValue).Count);
    }

    static readonly Claim s_nobody = new(null, null, null);

    static MqttRefusal Refused(string client, Claim claim, string topic) => MqttRefusal.OfTopic(client, claim, RefusedAct.Publish, topic);

    static async Task<House> DocksAsync()
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"],"login":{"user":"pilots","password":"hush-password"}}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/docks/devices/7CTDM0DOCK01", """{"secret":"right secret"}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static MqttConnect Dock(string user, string password, string clientId) => new() { ClientId = clientId, UserName = user, Password = Encoding.ASCII.GetBytes(password) };

    static async Task RefusedAsync(House house, MqttConnect connect, MqttReasonCode reason) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<MqttException>(() => AppClient.DialAsync(house.Server.MqttPort, connect))).Reason);
}
