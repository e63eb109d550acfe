using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Fuzz;

/// <summary>
/// A live broker is fed hostile connections: each ends, nobody else notices, nothing is left behind. MQTT_FUZZ_CASES says how many, from
/// MQTT_FUZZ_FIRST on (tests/Mqtt/fuzz.sh); what once failed is in the corpus. No other test runs meanwhile: the process's memory is measured.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LiveBrokerTests
{
    const int ExpirySeconds = 30;

    /// <summary>What nobody can be blamed for, 500 bytes for each connection of a third, beside what the array pool keeps for each thread.</summary>
    const long Growth = 512 * 1024, PooledPackets = 16;

    static readonly int s_cases = Number("MQTT_FUZZ_CASES", 3000), s_first = Number("MQTT_FUZZ_FIRST", 1);

    // The larger packet size lets thousands of user properties reach the parser
    [Theory, InlineData(false, 8 * 1024), InlineData(true, 8 * 1024), InlineData(false, 256 * 1024), InlineData(true, 256 * 1024)]
    public async Task Hostile_connections_end_and_leave_nothing_behind(bool durable, int maximumPacketSize)
    {
        var (app, clock, store) = (new Answering(), new HandClock(), durable ? new MemorySessionStore() : null);
        using var broker = new MqttBroker(app, new()
        {
            MaximumRetainedMessages = 100,
            MaximumOfflineSessions = 20,
            MaximumOfflineMessages = 50,
            MaximumSessionExpirySeconds = ExpirySeconds,
            MaximumPacketSize = maximumPacketSize,
            SessionStore = store,
        }, clock: clock);
        // The first third warms up
        var (memory, told) = (new long[3], new int[3]);
        for (var part = 0; part < 3; part++)
        {
            await ServeAsync(broker, clock, s_first + part * s_cases / 3, s_first + (part + 1) * s_cases / 3);
            clock.Advance(TimeSpan.FromSeconds(ExpirySeconds + 1));
            await AssertEmptyAsync(broker, app, store);
            told[part] = broker.Told.Count;
            memory[part] = GC.GetTotalMemory(forceFullCollection: true);
            Assert.Equal(0, app.CountSessions());
        }
        Assert.Equal(told[0], told[2]);
        Assert.InRange(memory[2] - memory[1], long.MinValue, Growth + PooledPackets * maximumPacketSize);
        if (s_cases >= 3000) Assert.InRange(app.MostProperties, maximumPacketSize > 8 * 1024 ? 5000 : 500, maximumPacketSize / 7);
    }

    public static TheoryData<string> Corpus => [.. Directory.GetFiles(Here("corpus"), "*.hex").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory, MemberData(nameof(Corpus))]
    public async Task What_once_was_trouble_is_none_any_more(string name)
    {
        var hex = string.Concat((await File.ReadAllLinesAsync(Here($"corpus/{name}.hex"), TestContext.Current.CancellationToken)).Select(l => l.Split('#')[0].Replace(" ", "", StringComparison.Ordinal)));
        using var broker = new MqttBroker(new Answering(), new() { MaximumPacketSize = 8192 });
        await using var bystander = await Bystander.EnterAsync(broker);
        await ServeAsync(broker, Convert.FromHexString(hex), name);
        await bystander.CheckAsync(broker);
        Assert.Equal(1, broker.ConnectionCount);
    }

    static async Task ServeAsync(MqttBroker broker, HandClock clock, int first, int end)
    {
        await using var bystander = await Bystander.EnterAsync(broker);
        for (var number = first; number < end; number++)
        {
            await ServeAsync(broker, new Cases(number).Conversation(), $"case {number}");
            clock.Advance(TimeSpan.FromSeconds(0.25));
            if (number % 100 == 0) await bystander.CheckAsync(broker);
        }
        await bystander.CheckAsync(broker);
        Assert.Equal(1, broker.ConnectionCount);
    }

    /// <summary>Nobody is connected or waits, nothing is kept for anybody, and what is retained was sent.</summary>
    static async Task AssertEmptyAsync(MqttBroker broker, Answering app, MemorySessionStore? store)
    {
        Assert.Equal((0, 0, 0), (broker.ConnectionCount, broker.SessionCount, broker.Offline.Count));
        Assert.Equal((0, 0), (broker.Kept.Count, broker.Kept.Value));
        Assert.True(broker.Index.IsEmpty);
        var retained = new List<byte[]>();
        foreach (var topic in app.TakeRetained())
            broker.Retained.ForEach(Encoding.UTF8.GetBytes(topic), 0, retained, static (message, found) => found.Add(message.Topic.ToArray()));
        Assert.Equal(retained.Count, broker.Retained.Count);
        foreach (var topic in retained) broker.Publish(topic, [], MqttQos.AtMostOnce, retain: true);
        Assert.Equal((0, 0), (broker.Retained.Count, broker.Retained.Bytes));
        if (store is null) return;
        await broker.CommittedAsync(TestContext.Current.CancellationToken);
        await foreach (var left in store.ReadAsync(TestContext.Current.CancellationToken)) Assert.Fail($"{left} is still in the store");
    }

    static async Task ServeAsync(MqttBroker broker, byte[] bytes, string what)
    {
        var (input, output) = (new Pipe(), new Pipe(new(pauseWriterThreshold: 0)));
        var serving = broker.ServeAsync(new DuplexPipe(input.Reader, output.Writer));
        await input.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);
        await input.Writer.CompleteAsync();
        try
        {
            await serving.WaitAsync(RawClient.Patience, TestContext.Current.CancellationToken);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what} did not end: {Convert.ToHexString(bytes)}", e);
        }
        await output.Reader.CompleteAsync();
    }

    static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    static string Here(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, name);
}
