using System.Buffers;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Tests.Codec;

/// <summary>Well-formed packets of every type and version, and one way to read any packet.</summary>
static class Packets
{
    public static readonly MqttVersion[] Versions = [MqttVersion.V31, MqttVersion.V311, MqttVersion.V50];

    public static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Connect(MqttVersion version, string clientId = "c", ushort keepAlive = 0, Func<MqttConnect, MqttConnect>? with = null)
    {
        var connect = new MqttConnect { Version = version, ClientId = clientId, KeepAliveSeconds = keepAlive };
        return Bytes((with?.Invoke(connect) ?? connect).Write);
    }

    public static byte[] Publish(MqttVersion version, string topic, string payload, MqttQos qos = MqttQos.AtMostOnce, ushort id = 0) =>
        Bytes(output => new MqttPublish
        {
            Topic = System.Text.Encoding.UTF8.GetBytes(topic),
            Payload = System.Text.Encoding.UTF8.GetBytes(payload),
            Qos = qos,
            PacketId = id,
        }.Write(output, version));

    public static byte[] Subscribe(MqttVersion version, ushort id, params (string, MqttSubscriptionOptions)[] filters) =>
        Bytes(output => MqttSubscribe.Write(output, version, id, filters));

    /// <summary>One of each type that exists in the version.</summary>
    public static IEnumerable<byte[]> All(MqttVersion version)
    {
        var v5 = version == MqttVersion.V50;
        var user = new MqttPropertyBuffer().AddUser("k", "v").Add(MqttPropertyId.ReasonString, "why");
        yield return Connect(version, "client", 60, c => c with
        {
            UserName = "user",
            Password = new byte[] { 1, 2, 3 },
            Will = new("w/t", new byte[] { 9 }) { Qos = MqttQos.AtLeastOnce, Retain = true, DelaySeconds = v5 ? 7u : 0 },
        });
        yield return Bytes(o => new MqttConnAck { SessionPresent = version != MqttVersion.V31 }.Write(o, version));
        yield return Publish(version, "a/b", "payload", MqttQos.AtLeastOnce, 10);
        foreach (var type in new[] { MqttPacketType.PubAck, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp })
            yield return Bytes(o => new MqttAck { Type = type, PacketId = 513, Properties = v5 ? user.Properties : default }.Write(o, version));
        yield return Subscribe(version, 3, ("a/+", new(MqttQos.AtLeastOnce)), ("b/#", new(MqttQos.ExactlyOnce)));
        yield return Bytes(o => new MqttSubAck
        {
            Type = MqttPacketType.SubAck,
            PacketId = 3,
            Reasons = [MqttReasonCode.GrantedQos1, MqttReasonCode.UnspecifiedError],
        }.Write(o, version));
        yield return Bytes(o => MqttUnsubscribe.Write(o, version, 4, ["a/+", "b/#"]));
        yield return Bytes(o => new MqttSubAck { Type = MqttPacketType.UnsubAck, PacketId = 4, Reasons = [MqttReasonCode.Success] }.Write(o, version));
        yield return Bytes(o => MqttPing.Write(o, MqttPacketType.PingReq));
        yield return Bytes(o => MqttPing.Write(o, MqttPacketType.PingResp));
        yield return Bytes(o => new MqttDisconnect { Type = MqttPacketType.Disconnect }.Write(o, version));
        if (!v5) yield break;
        yield return Bytes(o => new MqttDisconnect { Type = MqttPacketType.Disconnect, Reason = MqttReasonCode.ServerBusy, Properties = user.Properties }.Write(o, version));
        yield return Bytes(o => new MqttDisconnect { Type = MqttPacketType.Auth, Reason = MqttReasonCode.ContinueAuthentication, Properties = user.Properties }.Write(o, version));
    }

    /// <summary>Reads one packet to its last field and tells what came of it.</summary>
    public static (MqttReadStatus Status, MqttReasonCode Error) Read(ReadOnlySpan<byte> bytes, MqttVersion version, int maximum = int.MaxValue)
    {
        var status = MqttFixedHeader.TryRead(bytes, version, maximum, out var header);
        if (status != MqttReadStatus.Ok) return (status, header.Error);
        if (bytes.Length < header.PacketLength) return (MqttReadStatus.NeedMore, default);
        var error = ReadBody(new(header.Type, header.Flags, bytes.Slice(header.HeaderLength, header.BodyLength)), version);
        return (error == MqttReasonCode.Success ? MqttReadStatus.Ok : MqttReadStatus.Malformed, error);
    }

    static MqttReasonCode ReadBody(scoped in MqttFrame frame, MqttVersion version)
    {
        var properties = 0;
        switch (frame.Type)
        {
            case MqttPacketType.Connect:
                return MqttConnect.Read(frame, out _);
            case MqttPacketType.ConnAck:
                return MqttConnAck.Read(frame, version, out _);
            case MqttPacketType.Publish:
                var error = MqttPublish.Read(frame, version, out var publish);
                foreach (var property in publish.Properties) properties += property.Bytes.Length;
                return error;
            case MqttPacketType.PubAck or MqttPacketType.PubRec or MqttPacketType.PubRel or MqttPacketType.PubComp:
                return MqttAck.Read(frame, version, out _);
            case MqttPacketType.Subscribe:
                error = MqttSubscribe.Read(frame, version, out var subscribe);
                foreach (var filter in subscribe) properties += filter.Filter.Length;
                return error;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                return MqttSubAck.Read(frame, version, out _);
            case MqttPacketType.Unsubscribe:
                error = MqttUnsubscribe.Read(frame, version, out var unsubscribe);
                foreach (var filter in unsubscribe) properties += filter.Length;
                return error;
            case MqttPacketType.PingReq or MqttPacketType.PingResp:
                return MqttPing.Read(frame);
            default:
                return MqttDisconnect.Read(frame, version, out _);
        }
    }
}
