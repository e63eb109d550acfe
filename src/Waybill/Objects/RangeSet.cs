using System.Buffers.Binary;

namespace Waybill.Objects;

/// <summary>Which bytes of an object have been served. It may forget some but never claims one that was not:
/// when it would hold more than <see cref="MostIntervals"/> pieces it lets go of the shortest.</summary>
sealed class RangeSet
{
    public const int MostIntervals = 64;

    const int IntervalBytes = 2 * sizeof(long);

    // Sorted, apart from each other, none empty; ends are exclusive.
    readonly List<(long Start, long End)> intervals = [];

    /// <summary>Nothing served. Not to be added to: <see cref="Union"/> makes a new set.</summary>
    public static RangeSet Empty { get; } = new();

    public int Count => intervals.Count;

    public bool IsEmpty => intervals.Count == 0;

    public bool Includes(long offset) => intervals.Exists(i => i.Start <= offset && offset < i.End);

    public void Add(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
            return;
        var (start, end) = (offset, checked(offset + length));
        var first = intervals.FindIndex(i => i.End >= start);
        if (first < 0)
            first = intervals.Count;
        var next = first;
        for (; next < intervals.Count && intervals[next].Start <= end; next++)
            (start, end) = (Math.Min(start, intervals[next].Start), Math.Max(end, intervals[next].End));
        intervals.RemoveRange(first, next - first);
        intervals.Insert(first, (start, end));
        if (intervals.Count > MostIntervals)
            intervals.Remove(intervals.MinBy(i => i.End - i.Start));
    }

    public void Add(RangeSet other)
    {
        foreach (var (start, end) in other.intervals)
            Add(start, end - start);
    }

    public RangeSet Union(RangeSet other)
    {
        var union = new RangeSet();
        union.intervals.AddRange(intervals);
        union.Add(other);
        return union;
    }

    /// <summary>Whether every byte of an object of this size has been served.</summary>
    public bool Covers(long size) => size == 0 || (intervals is [(0, var end), ..] && end >= size);

    public byte[] ToBytes()
    {
        var bytes = new byte[intervals.Count * IntervalBytes];
        for (var i = 0; i < intervals.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * IntervalBytes), intervals[i].Start);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * IntervalBytes + sizeof(long)), intervals[i].End);
        }
        return bytes;
    }

    /// <exception cref="FormatException">Not what <see cref="ToBytes"/> wrote.</exception>
    public static RangeSet FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % IntervalBytes != 0 || bytes.Length > MostIntervals * IntervalBytes)
            throw new FormatException("Not a set of ranges.");
        var set = new RangeSet();
        for (long last = -1; !bytes.IsEmpty; bytes = bytes[IntervalBytes..])
        {
            var start = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            var end = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);
            if (start <= last || end <= start)
                throw new FormatException("Not a set of ranges.");
            set.intervals.Add((start, end));
            last = end;
        }
        return set;
    }
}
