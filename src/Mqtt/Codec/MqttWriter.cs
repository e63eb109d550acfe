using System.Buffers.Binary;
using System.Text;

namespace Waybill.Mqtt.Codec;

/// <summary>Writes the fields of one packet into a span that is large enough.</summary>
ref struct MqttWriter(Span<byte> span)
{
    readonly Span<byte> _span = span;

    public int Position { get; private set; }

    public static int VarIntLength(int value) => value switch { < 128 => 1, < 16_384 => 2, < 2_097_152 => 3, _ => 4 };

    /// <summary>Length of a property block with its own length, 0 in versions that have none.</summary>
    public static int PropertiesLength(MqttVersion version, MqttProperties properties) =>
        version == MqttVersion.V50 ? VarIntLength(properties.Bytes.Length) + properties.Bytes.Length : 0;

    public static int TextLength(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    public void Byte(byte value) => _span[Position++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_span[Position..], value);
        Position += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_span[Position..], value);
        Position += 4;
    }

    public void VarInt(int value)
    {
        for (; value > 127; value >>= 7) Byte((byte)(value & 127 | 128));
        Byte((byte)value);
    }

    public void Header(MqttPacketType type, byte flags, int bodyLength)
    {
        Byte((byte)((byte)type << 4 | flags));
        VarInt(bodyLength);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_span[Position..]);
        Position += bytes.Length;
    }

    public void Binary(ReadOnlySpan<byte> bytes)
    {
        UInt16(checked((ushort)bytes.Length));
        Raw(bytes);
    }

    public void Text(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, _span[(Position + 2)..]);
        UInt16(checked((ushort)length));
        Position += length;
    }

    public void Properties(MqttVersion version, MqttProperties properties)
    {
        if (version != MqttVersion.V50) return;
        VarInt(properties.Bytes.Length);
        Raw(properties.Bytes);
    }
}
