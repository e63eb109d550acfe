using System.Buffers.Binary;
using System.Text.Unicode;

namespace Waybill.Mqtt.Codec;

/// <summary>Reads the fields of one packet body. The first mistake sticks in <see cref="Error"/> and everything after it reads as empty.</summary>
ref struct MqttReader(ReadOnlySpan<byte> bytes)
{
    ReadOnlySpan<byte> _rest = bytes;

    public MqttReasonCode Error { get; private set; }

    public readonly bool End => _rest.IsEmpty;

    public readonly int Left => _rest.Length;

    public void Fail(MqttReasonCode error)
    {
        if (Error == MqttReasonCode.Success) Error = error;
        _rest = default;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail(MqttReasonCode.MalformedPacket);
            return default;
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public ReadOnlySpan<byte> TakeRest() => Take(_rest.Length);

    public byte Byte() => Take(1) is [var b] ? b : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0;

    /// <summary>A packet id, never 0 [MQTT-2.2.1-3, MQTT-2.2.1-4].</summary>
    public ushort PacketId()
    {
        var id = UInt16();
        if (id == 0) Fail(MqttReasonCode.MalformedPacket);
        return id;
    }

    /// <summary>A variable byte integer in its shortest form [MQTT-1.5.5-1].</summary>
    public int VarInt()
    {
        int value = 0, shift = 0;
        for (var count = 1; ; count++, shift += 7)
        {
            var b = Byte();
            if (Error != MqttReasonCode.Success) return 0;
            value |= (b & 127) << shift;
            if (b < 128 && (count == 1 || b != 0)) return value;
            if (b >= 128 && count < 4) continue;
            Fail(MqttReasonCode.MalformedPacket);
            return 0;
        }
    }

    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    /// <summary>A UTF-8 string without surrogates and U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2].</summary>
    public ReadOnlySpan<byte> Utf8Text()
    {
        var text = Binary();
        if (!text.Contains((byte)0) && Utf8.IsValid(text)) return text;
        Fail(MqttReasonCode.MalformedPacket);
        return default;
    }

    /// <summary>The property block of a 5.0 packet, checked; nothing is read in older versions.</summary>
    public MqttProperties Properties(MqttVersion version, MqttPropertyPlace place)
    {
        if (version != MqttVersion.V50) return default;
        var block = Take(VarInt());
        var error = MqttProperties.Check(block, place);
        if (error == MqttReasonCode.Success) return new(block);
        Fail(error);
        return default;
    }

    /// <summary>The result of reading: bytes left over are a mistake too.</summary>
    public MqttReasonCode Finish()
    {
        if (!End) Fail(MqttReasonCode.MalformedPacket);
        return Error;
    }
}
