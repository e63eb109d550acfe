using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>An application that writes down what it is told and does what the test says.</summary>
sealed class Recorder : MqttApplication
{
    readonly Channel<string> _happened = Channel.CreateUnbounded<string>();

    public Func<MqttConnect, MqttReasonCode> OnConnect { get; init; } = _ => MqttReasonCode.Success;

    public Func<string, bool> Allows { get; init; } = _ => true;

    public Func<MqttSession, MqttTakeover> OnTakeOver { get; init; } = _ => MqttTakeover.Resume;

    public Func<MqttSession, string, ushort, ValueTask<MqttPublishVerdict>> OnPublish { get; init; } = (_, _, _) => new(MqttPublishVerdict.Route);

    public async Task<string> NextAsync() =>
        await _happened.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(RawClient.Patience, TestContext.Current.CancellationToken);

    public async Task<string> NextAsync(int skip)
    {
        while (skip-- > 0) await NextAsync();
        return await NextAsync();
    }

    public bool IsQuiet => !_happened.Reader.TryPeek(out _);

    public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct) => new(OnConnect(connect));

    public override MqttTakeover TakeOver(MqttSession session, MqttSession older) => OnTakeOver(session);

    public override void Connected(MqttSession session) => Write($"connected {session.ClientId}");

    public override void Disconnected(MqttSession session, MqttReasonCode reason) => Write($"disconnected {session.ClientId} {reason}");

    public override bool MaySubscribe(MqttSession session, string filter) => Allows(filter);

    public override void Subscribed(MqttSession session, string filter, MqttQos granted) => Write($"subscribed {filter} {(int)granted}");

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
    {
        var topic = Encoding.UTF8.GetString(publish.Topic);
        Write($"published {topic} {Encoding.UTF8.GetString(publish.Payload)}");
        return OnPublish(session, topic, publish.PacketId);
    }

    void Write(string line) => _happened.Writer.TryWrite(line);
}
