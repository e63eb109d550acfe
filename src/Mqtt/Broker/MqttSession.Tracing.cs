using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Where packets are read and written there is one look at a field; all that is below runs for a session that is traced.

/// <summary>Being watched.</summary>
public sealed partial class MqttSession
{
    volatile MqttTrace? _trace;

    /// <summary>
    /// Who is told every packet of this session from now on; null, which costs nothing: nobody. May be set at any time; set in
    /// <see cref="MqttApplication.ConnectAsync"/>, which has CONNECT itself, it is told everything from CONNACK on, that of a refusal included.
    /// </summary>
    public MqttTrace? Trace
    {
        get => _trace;
        set => _trace = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Tell(in MqttPublish publish, bool isWritten) => Show(new()
    {
        IsWritten = isWritten,
        Type = MqttPacketType.Publish,
        PacketId = publish.PacketId,
        Topic = publish.Topic,
        Payload = publish.Payload,
        Qos = publish.Qos,
        Dup = publish.Dup,
        Retain = publish.Retain,
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Tell(MqttPacketType type, ushort packetId, MqttReasonCode reason, bool isWritten) =>
        Show(new() { IsWritten = isWritten, Type = type, PacketId = packetId, Reason = reason });

    internal void Tell(in MqttSubscribe packet)
    {
        var filters = new List<MqttTracedFilter>();
        foreach (var asked in packet) filters.Add(new(Encoding.UTF8.GetString(asked.Filter), asked.Options));
        Show(new() { Type = MqttPacketType.Subscribe, PacketId = packet.PacketId, Filters = filters.ToArray() });
    }

    internal void Tell(in MqttUnsubscribe packet)
    {
        var filters = new List<MqttTracedFilter>();
        foreach (var filter in packet) filters.Add(new(Encoding.UTF8.GetString(filter), default));
        Show(new() { Type = MqttPacketType.Unsubscribe, PacketId = packet.PacketId, Filters = filters.ToArray() });
    }

    internal void Tell(in MqttSubAck packet) =>
        Show(new() { IsWritten = true, Type = packet.Type, PacketId = packet.PacketId, Reasons = packet.Reasons });

    internal void Tell(in MqttConnAck packet) =>
        Show(new() { IsWritten = true, Type = MqttPacketType.ConnAck, Reason = packet.Reason, SessionPresent = packet.SessionPresent });

    void Show(in MqttTraced packet)
    {
        if (_trace is not { } trace) return;
        try
        {
            trace(this, packet);
        }
#pragma warning disable CA1031 // Who only looks on must not disturb the session
        catch (Exception e)
#pragma warning restore CA1031
        {
            _trace = null;
            LogTraceFailed(_broker.Logger, ClientId, e);
        }
    }

    [LoggerMessage(LogLevel.Error, "The trace of {ClientId} failed and has ended")]
    static partial void LogTraceFailed(ILogger logger, string clientId, Exception exception);
}
