using System.Buffers;

namespace Waybill.Mqtt.Codec;

// Hot. The sequence belongs to the pipe reader and must outlive this struct. A packet inside one segment is handed out in place; one that
// straddles segments is copied to a rented array that lives until the next packet or Dispose. Allocates nothing. Watched by CodecBenchmark.

/// <summary>Cuts a pipe's buffer into packets.</summary>
public ref struct MqttFrameReader(ReadOnlySequence<byte> buffer)
{
    ReadOnlySequence<byte> _rest = buffer;
    ReadOnlySpan<byte> _span = buffer.FirstSpan;
    int _at;
    byte[]? _copy;

    /// <summary>Why the last read was refused.</summary>
    public MqttReasonCode Error { get; private set; }

    /// <summary>Where the last whole packet ended.</summary>
    public readonly SequencePosition Consumed => _rest.GetPosition(_at);

    /// <summary>Reads the next packet, refusing it from its fixed header where that is possible.</summary>
    public MqttReadStatus TryRead(MqttVersion version, int maximumPacketSize, out MqttFrame frame)
    {
        var status = MqttFixedHeader.TryRead(_span[_at..], version, maximumPacketSize, out var header);
        if (status == MqttReadStatus.Ok && header.PacketLength <= _span.Length - _at)
        {
            frame = new(header.Type, header.Flags, _span.Slice(_at + header.HeaderLength, header.BodyLength));
            _at += header.PacketLength;
            return MqttReadStatus.Ok;
        }
        frame = default;
        Error = header.Error;
        return status == MqttReadStatus.Malformed || _rest.IsSingleSegment
            ? status == MqttReadStatus.Malformed ? status : MqttReadStatus.NeedMore
            : TryReadStraddling(version, maximumPacketSize, out frame);
    }

    MqttReadStatus TryReadStraddling(MqttVersion version, int maximumPacketSize, out MqttFrame frame)
    {
        frame = default;
        _rest = _rest.Slice(_at);
        _at = 0;
        Span<byte> start = stackalloc byte[5];
        start = start[..(int)Math.Min(5, _rest.Length)];
        _rest.Slice(0, start.Length).CopyTo(start);
        var status = MqttFixedHeader.TryRead(start, version, maximumPacketSize, out var header);
        Error = header.Error;
        _span = _rest.FirstSpan;
        if (status != MqttReadStatus.Ok) return status;
        if (_rest.Length < header.PacketLength) return MqttReadStatus.NeedMore;

        Dispose();
        _copy = ArrayPool<byte>.Shared.Rent(header.BodyLength);
        _rest.Slice(header.HeaderLength, header.BodyLength).CopyTo(_copy);
        _rest = _rest.Slice(header.PacketLength);
        _span = _rest.FirstSpan;
        frame = new(header.Type, header.Flags, _copy.AsSpan(0, header.BodyLength));
        return MqttReadStatus.Ok;
    }

    /// <summary>Returns the rented copy.</summary>
    public void Dispose()
    {
        if (_copy is null) return;
        ArrayPool<byte>.Shared.Return(_copy);
        _copy = null;
    }
}
