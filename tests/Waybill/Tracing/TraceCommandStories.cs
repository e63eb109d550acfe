using Waybill.Cli.Simulate;
using Waybill.Cli.Trace;
using Waybill.Tests.Api;
using Waybill.Tests.Gate;
using Waybill.Tests.Simulate;
using Waybill.Tests.Stories;
using Waybill.Tracing;
using Xunit;

namespace Waybill.Tests.Tracing;

/// <summary><c>waybill trace</c>.</summary>
public sealed class TraceCommandStories
{
    static readonly TraceAsk s_ask = new("ABCDE12345", "dev001", 600, IsJson: false);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_shows_what_the_device_says_until_it_is_ended(bool json)
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var (output, end) = (new SharedText(), new CancellationTokenSource());
        using var api = new ApiClient(house.Server.Api, House.AdminKey);
        var running = TraceCommand.RunAsync(s_ask with { IsJson = json }, api, PlainConsole.On(output), end.Token);
        await Eventually.IsAsync("it has begun", () => house.Get<Traces>().IsAny);
        await using (var device = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(Mqtt.MqttVersion.V50)))
            await device.SayAsync("ABCDE12345/dev001/custom", """{"password":"hunter2"}""");
        await Eventually.IsAsync("the line is there", () => output.ToString().Contains("disconnected", StringComparison.Ordinal));
        await end.CancelAsync();
        Assert.Equal(130, await running);
        var text = output.ToString();
        Assert.Contains(json ? "\"what\":\"CONNACK\"" : "<- CONNACK", text, StringComparison.Ordinal);
        Assert.Contains(json ? """{\"password\":\"***\"}""" : """{"password":"***"}""", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        end.Dispose();
    }

    [Fact]
    public async Task It_ends_well_when_its_time_is_over()
    {
        await using var house = await House.StartAsync();
        var (code, text) = await RunAsync(s_ask with { Seconds = 1 }, house.Server.Api, House.AdminKey);
        Assert.Equal(0, code);
        Assert.Contains("time_limit", text, StringComparison.Ordinal);
        Assert.Contains("No such device is registered", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_wrong_names_its_remedy()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        Assert.Contains("--key", (await RunAsync(s_ask, house.Server.Api, "wrong")).Text, StringComparison.Ordinal);
        Assert.Contains("devices.trace", (await RunAsync(s_ask, house.Server.Api, await house.KeyAsync("reader"))).Text, StringComparison.Ordinal);
        var (code, text) = await RunAsync(s_ask, new Uri("http://127.0.0.1:1/"), House.AdminKey);
        Assert.Equal(1, code);
        Assert.Contains("--server", text, StringComparison.Ordinal);
        List<string> mistakes = [];
        Assert.Null(TraceAsk.Of("dev001", 600, isJson: false, mistakes));
        Assert.Null(TraceAsk.Of("a/b/c", 600, isJson: false, mistakes));
        TraceAsk.Of("ABCDE12345/dev001", 3601, isJson: false, mistakes);
        Assert.Equal(3, mistakes.Count);
    }

    [Fact]
    public void A_line_is_short_and_in_one_line()
    {
        var line = new TraceLine(DateTime.UnixEpoch, TraceSide.In, "PUBLISH") { Topic = "a/b", Qos = 1, PacketId = 7, Payload = "one\n\u001b[31mtwo", PayloadBytes = 10 };
        Assert.Equal("a/b  QoS 1  #7  one\n\u001b[31mtwo", TraceView.Rest(line));
        var output = new StringWriter();
        TraceView.Write(line, PlainConsole.On(output));
        Assert.EndsWith(" -> PUBLISH     a/b  QoS 1  #7  one  [31mtwo\n", output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    static async Task<(int Code, string Text)> RunAsync(TraceAsk ask, Uri server, string key)
    {
        using var api = new ApiClient(server, key);
        var output = new StringWriter();
        return (await TraceCommand.RunAsync(ask, api, PlainConsole.On(output), House.Soon), output.ToString());
    }
}
