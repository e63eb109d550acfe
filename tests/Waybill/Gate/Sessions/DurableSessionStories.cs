using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Waybill.Mqtt;
using Waybill.Tests.Crash;
using Waybill.Tests.Events;
using Xunit;

namespace Waybill.Tests.Gate.Sessions;

public sealed class DurableSessionStories
{
    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V50)]
    public async Task A_session_goes_on_after_a_restart(MqttVersion version)
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using (var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a", version)))
            await app.SubscribeAsync("t", MqttQos.ExactlyOnce);
        await using (var other = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("b")))
        {
            await other.SayAsync("t", "1");
            await other.SayAsync("t", "2", MqttQos.ExactlyOnce);
            await other.Mqtt.PublishAsync(new("r", "kept"u8.ToArray()) { Qos = MqttQos.AtLeastOnce, Retain = true }, House.Soon);
        }
        await house.RestartAsync();
        await using (var again = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("b")))
        {
            await again.SayAsync("t", "3");
            await again.SubscribeAsync("r");
            var kept = await again.HearAsync();
            Assert.Equal(("r", true), (kept.Topic, kept.Retain));
        }
        await using (var back = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a", version)))
        {
            Assert.Equal(["1", "2", "3"], [await back.TextAsync(), await back.TextAsync(), await back.TextAsync()]);
            // handled and told so, for the server reads a client's packets in their order
            await back.SayAsync("other", "");
        }
        await house.RestartAsync();
        await using var last = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a", version));
        await last.SayAsync("t", "4");
        Assert.Equal("4", await last.TextAsync());
    }

    [Fact]
    public async Task Events_wait_over_a_restart()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api, rules: """{"subscribe":["waybill/events/#"]}""");
        await using (var app = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a")))
            await app.SubscribeAsync("waybill/events/#");
        await house.UploadAsync("a", [1]);
        await house.RestartAsync();
        await house.UploadAsync("b", [2]);
        var all = await house.ReadAllAsync("");
        await using var back = await AppClient.DialAsync(house.Server.MqttPort, login.Staying("a"));
        List<string?> heard = [];
        while (!heard.Contains(all[^1]))
            heard.Add(JsonElement.Parse(await back.TextAsync()).GetProperty("id").GetString());
        Assert.Equal(all, heard.Distinct());
    }

    [Fact]
    public async Task What_was_acknowledged_waits_though_the_server_was_killed()
    {
        await using var ground = await CrashGround.PrepareAsync();
        AppLogin? login = null;
        List<string> promised = [];
        for (var round = 0; round < 4; round++)
        {
            await using var server = await ground.StartAsync();
            login ??= await AppLogin.MakeAsync(server.Http);
            await using (var app = await AppClient.DialAsync(server.MqttPort, login.Staying("a")))
            {
                await app.SubscribeAsync("t", MqttQos.ExactlyOnce);
                await app.SayAsync("t", "end");
                var heard = await app.UntilAsync("end");
                Assert.Empty(promised.Except(heard));
                Assert.Equal(heard.Order(StringComparer.Ordinal).Distinct(), heard);
                await app.SayAsync("other", "");
            }
            promised = await PublishUntilKilledAsync(server, login, round);
            Assert.NotEmpty(promised);
        }
        await ground.CheckDatabaseAsync();
    }

    static async Task<List<string>> PublishUntilKilledAsync(CrashServer server, AppLogin login, int round)
    {
        var moment = RandomNumberGenerator.GetInt32(20, 400);
        var promised = new List<string>();
        Task kill = Task.CompletedTask;
        await using var other = await AppClient.DialAsync(server.MqttPort, login.Connect("b"));
        for (var n = 0; n < 900; n++)
        {
            if (n == moment)
                kill = server.KillAsync();
            var text = string.Create(CultureInfo.InvariantCulture, $"{round:000}-{n:000}");
            try
            {
                await other.SayAsync("t", text, n % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce);
                promised.Add(text);
            }
            catch (Exception) when (n >= moment)
            {
                break;
            }
        }
        await kill;
        return promised;
    }
}
