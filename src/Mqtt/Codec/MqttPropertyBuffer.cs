using System.Buffers;
using System.Text;

namespace Waybill.Mqtt.Codec;

/// <summary>Collects properties for a packet that is to be written. The order is kept; places and repetition are the caller's affair.</summary>
public sealed class MqttPropertyBuffer
{
    readonly ArrayBufferWriter<byte> _bytes = new(64);

    /// <summary>The block so far; valid until the next property is added.</summary>
    public MqttProperties Properties => new(_bytes.WrittenSpan);

    /// <summary>Adds a numeric property.</summary>
    public MqttPropertyBuffer Add(MqttPropertyId id, uint number)
    {
        var writer = new MqttWriter(_bytes.GetSpan(5));
        writer.Byte((byte)id);
        switch (MqttPropertyTable.Look(id).Kind)
        {
            case MqttPropertyKind.Flag: writer.Byte(checked((byte)number)); break;
            case MqttPropertyKind.Two: writer.UInt16(checked((ushort)number)); break;
            case MqttPropertyKind.Four: writer.UInt32(number); break;
            case MqttPropertyKind.Variable: writer.VarInt(checked((int)number)); break;
            default: throw new ArgumentException("This property is not a number.", nameof(id));
        }
        _bytes.Advance(writer.Position);
        return this;
    }

    /// <summary>Adds a text or binary property.</summary>
    public MqttPropertyBuffer Add(MqttPropertyId id, ReadOnlySpan<byte> bytes)
    {
        if (MqttPropertyTable.Look(id).Kind is not (MqttPropertyKind.Text or MqttPropertyKind.Bytes))
            throw new ArgumentException("This property is neither text nor binary.", nameof(id));
        var writer = new MqttWriter(_bytes.GetSpan(3 + bytes.Length));
        writer.Byte((byte)id);
        writer.Binary(bytes);
        _bytes.Advance(writer.Position);
        return this;
    }

    /// <summary>Adds a text property.</summary>
    public MqttPropertyBuffer Add(MqttPropertyId id, string text) => Add(id, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a user property.</summary>
    public MqttPropertyBuffer AddUser(string name, string value)
    {
        var writer = new MqttWriter(_bytes.GetSpan(1 + MqttWriter.TextLength(name) + MqttWriter.TextLength(value)));
        writer.Byte((byte)MqttPropertyId.UserProperty);
        writer.Text(name);
        writer.Text(value);
        _bytes.Advance(writer.Position);
        return this;
    }

    /// <summary>Adds properties that are already encoded.</summary>
    public MqttPropertyBuffer Add(MqttProperties properties)
    {
        _bytes.Write(properties.Bytes);
        return this;
    }
}
