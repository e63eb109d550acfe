using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Fuzz;

/// <summary>
/// A live broker is fed hostile connections: each ends, nobody else notices, nothing is left behind. MQTT_FUZZ_CASES says how many, from
/// MQTT_FUZZ_FIRST on (tests/Mqtt/fuzz.sh); what once failed is in the corpus.
/// </summary>
public sealed class LiveBrokerTests
{
    const int Settled = 500;
    const long Growth = 24 * 1024 * 1024;

    static readonly int s_cases = Number("MQTT_FUZZ_CASES", 3000), s_first = Number("MQTT_FUZZ_FIRST", 1);

    [Theory, InlineData(false), InlineData(true)]
    public async Task Hostile_connections_end_and_leave_nothing_behind(bool durable)
    {
        using var broker = new MqttBroker(new Answering(), new()
        {
            MaximumRetainedMessages = 100,
            MaximumOfflineSessions = 20,
            MaximumOfflineMessages = 50,
            MaximumPacketSize = 8192,
            SessionStore = durable ? new MemorySessionStore() : null,
        });
        await using var bystander = await Bystander.EnterAsync(broker);
        var before = 0L;
        for (var number = s_first; number < s_first + s_cases; number++)
        {
            await ServeAsync(broker, new Cases(number).Conversation(), $"case {number}");
            if (number % 100 == 0) await bystander.CheckAsync(broker);
            if (number == s_first + Settled) before = GC.GetTotalMemory(true);
        }
        await bystander.CheckAsync(broker);
        Assert.Equal(1, broker.ConnectionCount);
        if (s_cases > Settled) Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, Growth);
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

    static async Task ServeAsync(MqttBroker broker, byte[] bytes, string what)
    {
        var (input, output) = (new Pipe(), new Pipe(new(pauseWriterThreshold: 0)));
        var serving = broker.ServeAsync(new Duplex(input.Reader, output.Writer));
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

    sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Routes most messages, holds and refuses some.</summary>
    sealed class Answering : MqttApplication
    {
        public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
        {
            switch (publish.Payload.Length % 5)
            {
                case 1:
                    return new(MqttPublishVerdict.Refused);
                case 2:
                    session.Acknowledge(publish.PacketId);
                    return new(MqttPublishVerdict.Held);
                case 3:
                    return LaterAsync();
                default:
                    return new(MqttPublishVerdict.Route);
            }

            static async ValueTask<MqttPublishVerdict> LaterAsync()
            {
                await Task.Yield();
                return MqttPublishVerdict.Route;
            }
        }
    }

    /// <summary>A client that does nothing wrong.</summary>
    sealed class Bystander : IAsyncDisposable
    {
        readonly Pipe _input = new(), _output = new();
        Task? _serving;

        public static async Task<Bystander> EnterAsync(MqttBroker broker)
        {
            var client = new Bystander();
            client._serving = broker.ServeAsync(new Duplex(client._input.Reader, client._output.Writer));
            await client._input.Writer.WriteAsync(Codec.Packets.Connect(MqttVersion.V311, "bystander"));
            await client._input.Writer.WriteAsync(Codec.Packets.Subscribe(MqttVersion.V311, 1, ("bystander/#", new(MqttQos.AtMostOnce))));
            await client.ExpectAsync([0x20, 2, 0, 0, 0x90, 3, 0, 1, 0]);
            return client;
        }

        public async Task CheckAsync(MqttBroker broker)
        {
            Assert.True(broker.Publish("bystander/x", "y"u8, MqttQos.AtMostOnce) > 0);
            await ExpectAsync(Codec.Packets.Publish(MqttVersion.V311, "bystander/x", "y"));
        }

        public async ValueTask DisposeAsync()
        {
            await _input.Writer.CompleteAsync();
            await _serving!;
        }

        async Task ExpectAsync(byte[] expected)
        {
            var result = await _output.Reader.ReadAtLeastAsync(expected.Length).AsTask().WaitAsync(RawClient.Patience);
            Assert.Equal(expected, System.Buffers.BuffersExtensions.ToArray(result.Buffer));
            _output.Reader.AdvanceTo(result.Buffer.End);
        }
    }
}
