namespace Waybill.Mqtt.Codec;

/// <summary>One whole packet, still as bytes. Valid as long as the buffer it was read from.</summary>
public readonly ref struct MqttFrame(MqttPacketType type, byte flags, ReadOnlySpan<byte> body)
{
    /// <summary>Packet type.</summary>
    public MqttPacketType Type { get; } = type;

    /// <summary>The low four bits of the first byte.</summary>
    public byte Flags { get; } = flags;

    /// <summary>Everything after the fixed header.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;
}
