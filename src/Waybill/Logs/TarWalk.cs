using System.Buffers.Binary;
using System.Text;

namespace Waybill.Logs;

/// <summary>
/// Walks the files of a tar, of any of its dialects, from a stream that need not be seekable. No input makes it throw and nothing it
/// keeps grows with the input: docks and whoever has their credentials decide what is in here.
/// </summary>
sealed class TarWalk(Stream content)
{
    public const int Block = 512;

    const int MostHeader = 64 * 1024;

    readonly byte[] _header = new byte[Block];
    long _ahead;
    string? _longName;
    long? _longSize;

    /// <summary>It ended before its end, or went on with something else.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether a tar may begin so.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block) => block.Length == Block && Sum(block) == Octal(block.Slice(148, 8));

    /// <summary>The next file; the stream then stands where its bytes begin. Null at the end.</summary>
    public async ValueTask<ArchiveEntry?> NextAsync(CancellationToken ct)
    {
        while (await SkipAsync(_ahead, ct) && await HeaderAsync(ct))
        {
            var size = Size(_header.AsSpan(124, 12));
            if (size < 0)
                return Broken();
            _ahead = Padded(size);
            switch ((char)_header[156])
            {
                case 'L' or 'x':
                    if (!await ExtendAsync((char)_header[156], size, ct))
                        return Broken();
                    break;
                case '0' or '\0' or '7':
                    return File(size);
                default:
                    (_longName, _longSize) = (null, null);
                    break;
            }
        }
        return null;
    }

    /// <summary>Goes past bytes of the stream.</summary>
    async ValueTask<bool> SkipAsync(long count, CancellationToken ct)
    {
        if (count > 0 && content.CanSeek)
        {
            IsBroken |= count > content.Length - content.Position;
            content.Seek(Math.Min(count, content.Length - content.Position), SeekOrigin.Current);
            return !IsBroken;
        }
        var buffer = new byte[(int)Math.Min(count, 64 * 1024)];
        while (count > 0)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), ct);
            if (read == 0)
                return Broken() is not null;
            count -= read;
        }
        return true;
    }

    /// <summary>False at the end, which is a block of zeros, or of the stream.</summary>
    async ValueTask<bool> HeaderAsync(CancellationToken ct)
    {
        var read = await content.ReadAtLeastAsync(_header, Block, throwOnEndOfStream: false, ct);
        if (read == 0 || (read == Block && !_header.AsSpan().ContainsAnyExcept((byte)0)))
            return false;
        IsBroken = read < Block || !IsHeader(_header);
        return !IsBroken;
    }

    /// <summary>A name or size that does not fit the header comes in a file of its own before it.</summary>
    async ValueTask<bool> ExtendAsync(char kind, long size, CancellationToken ct)
    {
        if (size > MostHeader)
            return false;
        var text = new byte[size];
        if (await content.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, ct) < text.Length)
            return false;
        _ahead -= size;
        if (kind == 'L')
            _longName = Text(text);
        else
            ReadPax(text);
        return true;
    }

    /// <summary>Records <c>length key=value\n</c>; those that are none end it.</summary>
    void ReadPax(ReadOnlySpan<byte> records)
    {
        while (records.IndexOf((byte)' ') is > 0 and < 10 and var blank
            && int.TryParse(records[..blank], out var length) && length > blank + 1 && length <= records.Length)
        {
            var record = records[(blank + 1)..length].TrimEnd((byte)'\n');
            if (record.StartsWith("path="u8))
                _longName = Text(record[5..]);
            else if (record.StartsWith("size="u8) && long.TryParse(record[5..], out var size) && size >= 0)
                _longSize = size;
            records = records[length..];
        }
    }

    ArchiveEntry File(long size)
    {
        var prefix = _header.AsSpan(257, 5).SequenceEqual("ustar"u8) && _header[262] == 0 ? Text(_header.AsSpan(345, 155)) : "";
        var name = _longName ?? (prefix.Length > 0 ? prefix + "/" : "") + Text(_header.AsSpan(0, 100));
        size = _longSize ?? size;
        _ahead = Padded(size);
        (_longName, _longSize) = (null, null);
        return new(name, size, Octal(_header.AsSpan(136, 12)) * 1000);
    }

    ArchiveEntry? Broken()
    {
        IsBroken = true;
        return null;
    }

    static long Padded(long size) => size > long.MaxValue - Block ? size : (size + Block - 1) / Block * Block;

    static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>The sum of the header with its own field as blanks.</summary>
    static long Sum(ReadOnlySpan<byte> header)
    {
        var sum = 8L * ' ';
        for (var i = 0; i < header.Length; i++)
            sum += i is >= 148 and < 156 ? 0 : header[i];
        return sum;
    }

    /// <summary>Octal digits, or beyond 8 GiB a binary number with its first bit set; -1 for what is neither.</summary>
    static long Size(ReadOnlySpan<byte> field) =>
        (field[0] & 0x80) == 0 ? Octal(field) : field[0] == 0x80 ? BinaryPrimitives.ReadInt64BigEndian(field[4..]) : -1;

    static long Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return -1;
            value = (value << 3) + digit - '0';
        }
        return value;
    }
}
