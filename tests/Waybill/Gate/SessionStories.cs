using System.Net;
using System.Text.Json;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Tests.Events;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class SessionStories
{
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task An_application_s_session_waits_for_it(MqttVersion version)
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using (var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a", version)))
            await app.SubscribeAsync("t", MqttQos.ExactlyOnce);
        await using var other = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("b"));
        await other.SayAsync("t", "1");
        await other.SayAsync("t", "2", MqttQos.ExactlyOnce);
        await using var back = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a", version));
        Assert.Equal("1", await back.TextAsync());
        Assert.Equal("2", await back.TextAsync());
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task A_device_gets_no_session_back(MqttVersion version)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var login = await AppLogin.MakeAsync(house.Api, rules: """{"publish":["ABCDE12345/#"]}""");
        await using var app = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("app"));
        var connect = AppLogin.Staying(TencentLogin.Of("ABCDE12345", "dev001").Connect(version));
        await using (var device = await AppClient.DialAsync(house.Server.MqttPort, connect))
            await device.SubscribeAsync("ABCDE12345/dev001/a");
        await Eventually.IsAsync("no session", () => !house.Get<MqttBroker>().HasSession("ABCDE12345dev001"));
        await app.SayAsync("ABCDE12345/dev001/a", "missed");
        await using var back = await AppClient.DialAsync(house.Server.MqttPort, connect);
        await app.SayAsync("ABCDE12345/dev001/a", "not subscribed");
        await back.SubscribeAsync("ABCDE12345/dev001/b");
        await app.SayAsync("ABCDE12345/dev001/b", "heard");
        Assert.Equal("heard", await back.TextAsync());
    }

    [Fact]
    public async Task Workers_that_share_the_events_hear_each_once()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api, rules: """{"subscribe":["waybill/events/ABCDE12345/+","end"],"publish":["end"]}""");
        await using var one = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("w1"));
        await using var two = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("w2"));
        await using var all = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("all"));
        foreach (var worker in (AppClient[])[one, two])
        {
            await worker.SubscribeAsync("$share/workers/waybill/events/ABCDE12345/+");
            await worker.SubscribeAsync("end");
        }
        // what it has heard the workers were sent
        await all.SubscribeAsync("waybill/events/ABCDE12345/dev001");
        await house.UploadAsync("a", [1]);
        await house.UploadAsync("b", [2]);
        var told = await ReadAsync(all, 6);
        await all.SayAsync("end", "end");
        var (first, second) = (await one.UntilAsync("end"), await two.UntilAsync("end"));
        Assert.NotEmpty(first);
        Assert.NotEmpty(second);
        Assert.Equal(told.Order(), first.Concat(second).Select(Id).Order());
    }

    [Fact]
    public async Task Events_wait_for_an_application_that_is_away()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api, rules: """{"subscribe":["waybill/events/#"]}""");
        await using (var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a")))
            await app.SubscribeAsync("waybill/events/ABCDE12345/+");
        await house.UploadAsync("a", [1]);
        await using var back = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a"));
        Assert.Equal(await house.ReadAllAsync(""), await ReadAsync(back, 3));
    }

    [Theory]
    [InlineData("PUT", """{"subscribe":["t"]}""")]
    [InlineData("PATCH", """{"disabled":true}""")]
    [InlineData("DELETE", null)]
    public async Task Other_rules_end_the_sessions_of_an_account(string method, string? body)
    {
        await using var house = await House.StartAsync();
        var (login, broker) = (await AppLogin.MakeAsync(house.Api), house.Get<MqttBroker>());
        await using (var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("away")))
            await app.SubscribeAsync("t");
        await using var here = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("here"));
        await Eventually.IsAsync("one waits", () => broker.HasSession("away") && !broker.TryGetSession("away", out _));
        (await house.SendAsync(method, "/api/v1/mqtt-accounts/app", body)).Is(HttpStatusCode.OK, HttpStatusCode.NoContent);
        await Eventually.IsAsync("both ended", () => !broker.HasSession("away") && !broker.HasSession("here"));
    }

    static async Task<List<string?>> ReadAsync(AppClient app, int count)
    {
        List<string?> ids = [];
        while (ids.Count < count)
            ids.Add(Id(await app.TextAsync()));
        return ids;
    }

    static string? Id(string json) => JsonElement.Parse(json).GetProperty("id").GetString();
}
