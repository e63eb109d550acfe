using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt;

// Hot. One per thread or session, the array grows and stays; what it gives is valid until it is begun anew.

/// <summary>Properties of a message with others added or without one of them.</summary>
sealed class PropertyScratch
{
    /// <summary>An id and a value of four bytes at most.</summary>
    const int OneNumber = 5;

    byte[] _bytes = new byte[128];
    int _length;

    public MqttProperties Properties => new(_bytes.AsSpan(0, _length));

    public PropertyScratch Begin(MqttProperties properties)
    {
        _length = 0;
        Append(properties.Bytes);
        return this;
    }

    /// <summary>All but one property, whose value is a number.</summary>
    public PropertyScratch BeginWithout(MqttProperties properties, MqttPropertyId id)
    {
        _length = 0;
        var bytes = properties.Bytes;
        var left = bytes.Length;
        for (var walk = properties.GetEnumerator(); walk.MoveNext(); left = walk.Left)
            if (walk.Current.Id != id) Append(bytes[^left..^walk.Left]);
        return this;
    }

    public PropertyScratch Add(MqttPropertyId id, int number)
    {
        if (_bytes.Length - _length < OneNumber) Array.Resize(ref _bytes, _bytes.Length * 2);
        var writer = new MqttWriter(_bytes.AsSpan(_length));
        writer.Byte((byte)id);
        if (id == MqttPropertyId.TopicAlias) writer.UInt16((ushort)number);
        else writer.VarInt(number);
        _length += writer.Position;
        return this;
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length + OneNumber) Array.Resize(ref _bytes, (_length + bytes.Length) * 2 + OneNumber);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
