using System.Globalization;
using System.Net;
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
    public void Only_the_last_of_the_last_are_kept()
    {
        var refusals = new MqttRefusals(TimeProvider.System);
        for (var n = 0; n < 30; n++)
            refusals.Note(MqttRefusal.OfTopic("first", RefusedAct.Publish, $"{n}"));
        Assert.Equal(Enumerable.Range(10, 20).Reverse().Select(n => $"{n}"), refusals.List(_ => true, long.MaxValue, 100).Select(r => r.Topic));
        for (var n = 0; n < MqttRefusals.MostClients; n++)
            refusals.Note(MqttRefusal.OfTopic(n.ToString(CultureInfo.InvariantCulture), RefusedAct.Publish, new string('x', 1000)));
        var all = refusals.List(_ => true, long.MaxValue, int.MaxValue);
        Assert.Equal(MqttRefusals.MostClients, all.Count);
        Assert.DoesNotContain(all, r => r.Client == "first" || r.Topic!.Length > 256);
    }

    static async Task RefusedAsync(House house, MqttConnect connect, MqttReasonCode reason) =>
        Assert.Equal(reason, (await Assert.ThrowsAsync<MqttException>(() => AppClient.DialAsync(house.Server.MqttPort, connect))).Reason);
}
