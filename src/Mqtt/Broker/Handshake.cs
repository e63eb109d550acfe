using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>CONNECT and its answer, and the will that came with it.</summary>
static class Handshake
{
    /// <summary>
    /// Reads the first packet, which must be CONNECT [MQTT-3.1.0-1]. Of a malformed one of 5.0, which is told so, the version is given.
    /// </summary>
    public static MqttReadStatus Read(in ReadOnlySequence<byte> buffer, int maximumSize, out SequencePosition consumed,
        out MqttConnect? connect, out MqttReasonCode error)
    {
        connect = null;
        var frames = new MqttFrameReader(buffer);
        try
        {
            var status = frames.TryRead(MqttVersion.Unknown, maximumSize, out var frame);
            consumed = frames.Consumed;
            error = status == MqttReadStatus.Malformed ? frames.Error : MqttReasonCode.Success;
            if (status == MqttReadStatus.NeedMore && buffer.FirstSpan is [var first, ..] && first >> 4 != (int)MqttPacketType.Connect)
            {
                // No need to wait for the rest
                error = MqttReasonCode.ProtocolError;
                return MqttReadStatus.Malformed;
            }
            if (status != MqttReadStatus.Ok) return status;
            error = frame.Type == MqttPacketType.Connect ? MqttConnect.Read(frame, out connect) : MqttReasonCode.ProtocolError;
            if (error == MqttReasonCode.Success) return MqttReadStatus.Ok;
            connect = frame.Type == MqttPacketType.Connect && frame.Body.StartsWith("\0\u0004MQTT\u0005"u8) ? new() { Version = MqttVersion.V50 } : null;
            return MqttReadStatus.Malformed;
        }
        finally
        {
            frames.Dispose();
        }
    }

    /// <summary>What this broker cannot do for any application.</summary>
    public static MqttReasonCode Check(MqttConnect connect, MqttBrokerOptions options)
    {
        // An id must be sent in 3.1, and in 3.1.1 unless the session is clean [MQTT-3.1.3-8]; ids over 23 characters are common and allowed
        if (connect.ClientId.Length == 0 && (connect.Version == MqttVersion.V31 || (connect.Version == MqttVersion.V311 && !connect.CleanStart)))
            return MqttReasonCode.ClientIdentifierNotValid;
        // The broker's own, as in PUBLISH
        if (connect.Will is { } will && MqttBroker.IsOwn(will.Topic)) return MqttReasonCode.NotAuthorized;
        if (connect.Version != MqttVersion.V50) return MqttReasonCode.Success;
        if (connect.Properties.TryGet(MqttPropertyId.AuthenticationMethod, out _)) return MqttReasonCode.BadAuthenticationMethod;
        return connect.Will is { Retain: true } && options.MaximumRetainedMessages == 0 ? MqttReasonCode.RetainNotSupported : MqttReasonCode.Success;
    }

    public static string NewClientId() => "auto-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    public static bool Accept(MqttSession session, MqttConnect connect, MqttBrokerOptions options, bool present, string? information)
    {
        if (session.Version != MqttVersion.V50) return session.Open(new() { SessionPresent = present });
        var properties = new MqttPropertyBuffer()
            .Add(MqttPropertyId.ReceiveMaximum, options.HeldWindow)
            .Add(MqttPropertyId.RetainAvailable, options.MaximumRetainedMessages > 0 ? 1u : 0)
            .Add(MqttPropertyId.MaximumPacketSize, (uint)options.MaximumPacketSize)
            .Add(MqttPropertyId.TopicAliasMaximum, options.MaximumTopicAliases);
        var granted = session.Continuity?.ExpirySeconds ?? 0;
        if (connect.Properties.Number(MqttPropertyId.SessionExpiryInterval, 0) != granted)
            properties.Add(MqttPropertyId.SessionExpiryInterval, granted);
        if (connect.KeepAliveSeconds != session.KeepAliveSeconds) properties.Add(MqttPropertyId.ServerKeepAlive, session.KeepAliveSeconds);
        if (connect.Properties.Number(MqttPropertyId.RequestResponseInformation, 0) == 1 && information is not null)
            properties.Add(MqttPropertyId.ResponseInformation, information);
        if (connect.ClientId.Length == 0) properties.Add(MqttPropertyId.AssignedClientIdentifier, session.ClientId);
        var answer = new MqttConnAck { SessionPresent = present, Properties = properties.Properties };
        if (answer.Size(session.Version) <= session.MaximumPacketSize) return session.Open(answer);
        // [MQTT-3.1.2-24], and without what it says there is no session
        Refuse(session, MqttReasonCode.PacketTooLarge);
        return false;
    }

    public static void Refuse(MqttSession session, MqttReasonCode reason)
    {
        var answer = new MqttConnAck { Reason = reason, Properties = ReasonText.Of(session.Refusal, session.Version == MqttVersion.V50 ? session.MaximumPacketSize : 0) };
        lock (session.Output) answer.Write(session.Output, session.Version);
        if (session.Trace is not null) session.Tell(answer);
        session.Flush();
    }

    /// <summary>The return code of 3.1.1 is what clients of every version understand [MQTT-3.1.2-2].</summary>
    public static void RefuseVersion(MqttSession session)
    {
        session.Version = MqttVersion.V311;
        Refuse(session, MqttReasonCode.UnsupportedProtocolVersion);
    }

    /// <summary>3.1.4: before the connection is closed the reason may be told.</summary>
    public static void RefuseMalformed(MqttSession session, MqttReasonCode reason)
    {
        session.Version = MqttVersion.V50;
        session.Refusal = ReasonText.Of(reason);
        Refuse(session, reason);
    }

    public static MqttPublish MessageOf(MqttWill will) => new()
    {
        Topic = Encoding.UTF8.GetBytes(will.Topic),
        Payload = will.Payload.Span,
        Qos = will.Qos,
        Retain = will.Retain,
        Properties = will.Properties,
    };
}
