using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Tests.Dji;

/// <summary>A dock of which each word is said by a test, as records.</summary>
sealed class TypedDock : IAsyncDisposable
{
    readonly Channel<(DjiEnvelope Envelope, DjiCommand Command)> _told = Channel.CreateUnbounded<(DjiEnvelope, DjiCommand)>();
    readonly string _sn;
    MqttClient _client = null!;

    TypedDock(string sn) => _sn = sn;

    /// <summary>It is registered already.</summary>
    public static async Task<TypedDock> ConnectAsync(House house, string sn)
    {
        var dock = new TypedDock(sn);
        dock._client = await MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.Server.MqttPort,
                Connect = new() { Version = MqttVersion.V311, ClientId = sn, UserName = sn, Password = Encoding.UTF8.GetBytes(DockHouse.Secret) },
                OnMessage = dock.OnMessageAsync,
            },
            House.Soon);
        await dock._client.SubscribeAsync(DjiTopics.Of(DjiTopicKind.Services, sn), MqttQos.AtLeastOnce, House.Soon);
        await dock.SayAsync(new DjiTopology(DjiProfile.V116.Dock, [new(DockHouse.AircraftOf(sn), "A", DjiProfile.V116.Aircraft)]), bid: null, method: null);
        return dock;
    }

    /// <summary>The next command.</summary>
    public ValueTask<(DjiEnvelope Envelope, DjiCommand Command)> ToldAsync() => _told.Reader.ReadAsync(House.Soon);

    public bool IsToldMore => _told.Reader.TryPeek(out _);

    public async Task SayAsync(DjiUp message, string? bid, string? method)
    {
        var payload = new ArrayBufferWriter<byte>();
        var head = new DjiHead(Guid.NewGuid().ToString(), bid ?? Guid.NewGuid().ToString(), method, _sn, 1_700_000_000_000);
        if (!DjiUpWriter.TryWrite(payload, head, message, DjiProfile.V116.Spelling))
            throw new InvalidOperationException("the message cannot be written");
        await _client.PublishAsync(DjiTopics.Of(DjiUpWriter.Topic(message), _sn), payload.WrittenMemory, MqttQos.AtLeastOnce, House.Soon);
    }

    public Task AnswerAsync(DjiEnvelope asked, DjiCommandReply reply) => SayAsync(reply, asked.Bid, asked.Method);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    ValueTask OnMessageAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        if (DjiTopics.TryParse(Encoding.UTF8.GetBytes(message.Topic), out var kind, out _)
            && DjiDownReader.TryRead(kind, message.Payload.Span, out var envelope, out var said, out _) && said is DjiCommand command)
            _told.Writer.TryWrite((envelope, command));
        return default;
    }
}
