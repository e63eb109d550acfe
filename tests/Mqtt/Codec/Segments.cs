using System.Buffers;

namespace Waybill.Mqtt.Tests.Codec;

/// <summary>A sequence of segments of given sizes, repeated until the bytes are used up.</summary>
sealed class Segments : ReadOnlySequenceSegment<byte>
{
    public static ReadOnlySequence<byte> Of(byte[] bytes, int[] sizes)
    {
        Segments? first = null, last = null;
        for (int at = 0, turn = 0; at < bytes.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Length], bytes.Length - at);
            var next = new Segments { Memory = bytes.AsMemory(at, size), RunningIndex = at };
            if (last is not null) last.Next = next;
            first ??= next;
            last = next;
            at += size;
        }
        return new(first!, 0, last!, last!.Memory.Length);
    }
}
