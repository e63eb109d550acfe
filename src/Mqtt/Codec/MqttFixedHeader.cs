using System.Runtime.InteropServices;

namespace Waybill.Mqtt.Codec;

/// <summary>The fixed header of a packet (2.1).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MqttFixedHeader
{
    /// <summary>Largest value of a variable byte integer [2.1.4].</summary>
    public const int MaximumRemainingLength = 268_435_455;

    /// <summary>Packet type.</summary>
    public MqttPacketType Type { get; private init; }

    /// <summary>The low four bits of the first byte, checked against the type.</summary>
    public byte Flags { get; private init; }

    /// <summary>Bytes of the header itself, 2 to 5.</summary>
    public int HeaderLength { get; private init; }

    /// <summary>Bytes after the header.</summary>
    public int BodyLength { get; private init; }

    /// <summary>Why the header was refused; <see cref="MqttReasonCode.Success"/> otherwise.</summary>
    public MqttReasonCode Error { get; private init; }

    /// <summary>Bytes of the whole packet.</summary>
    public int PacketLength => HeaderLength + BodyLength;

    /// <summary>Whether the remaining length was written with as few bytes as possible, as 5.0 demands [MQTT-1.5.5-1].</summary>
    public bool IsMinimal => HeaderLength == 1 + MqttWriter.VarIntLength(BodyLength);

    /// <summary>
    /// Reads a fixed header and refuses impossible ones at once: reserved types, wrong flag bits [MQTT-2.1.3-1], a length of more than
    /// four bytes, a packet of more than <paramref name="maximumPacketSize"/> bytes. Nothing of the body needs to be there.
    /// </summary>
    public static MqttReadStatus TryRead(ReadOnlySpan<byte> bytes, MqttVersion version, int maximumPacketSize, out MqttFixedHeader header)
    {
        header = default;
        if (bytes.IsEmpty) return MqttReadStatus.NeedMore;
        var type = (MqttPacketType)(bytes[0] >> 4);
        var flags = (byte)(bytes[0] & 15);
        if (!FlagsAreValid(type, flags, version)) return Refused(MqttReasonCode.MalformedPacket, out header);

        int length = 0, at = 1;
        while (true)
        {
            if (at == bytes.Length) return MqttReadStatus.NeedMore;
            var b = bytes[at];
            length |= (b & 127) << (7 * (at - 1));
            at++;
            if (b < 128) break;
            if (at == 5) return Refused(MqttReasonCode.MalformedPacket, out header);
        }
        if (at + length > maximumPacketSize) return Refused(MqttReasonCode.PacketTooLarge, out header);

        header = new() { Type = type, Flags = flags, HeaderLength = at, BodyLength = length };
        return version == MqttVersion.V50 && !header.IsMinimal ? Refused(MqttReasonCode.MalformedPacket, out header) : MqttReadStatus.Ok;
    }

    static MqttReadStatus Refused(MqttReasonCode error, out MqttFixedHeader header)
    {
        header = new() { Error = error };
        return MqttReadStatus.Malformed;
    }

    static bool FlagsAreValid(MqttPacketType type, byte flags, MqttVersion version) => type switch
    {
        // QoS 3 does not exist [MQTT-3.3.1-4]; DUP goes only with QoS above 0 [MQTT-3.3.1-2]
        MqttPacketType.Publish => (flags & 6) != 6 && (flags & 14) != 8,
        // 3.1 lets a client mark repeated SUBSCRIBE, UNSUBSCRIBE and PUBREL with DUP
        MqttPacketType.PubRel or MqttPacketType.Subscribe or MqttPacketType.Unsubscribe =>
            flags == 2 || (flags == 10 && version == MqttVersion.V31),
        MqttPacketType.Auth => flags == 0 && version is MqttVersion.V50 or MqttVersion.Unknown,
        >= MqttPacketType.Connect and <= MqttPacketType.Disconnect => flags == 0,
        _ => false,
    };
}
