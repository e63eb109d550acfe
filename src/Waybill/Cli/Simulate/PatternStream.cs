namespace Waybill.Cli.Simulate;

/// <summary>
/// A device's storage: a stream of pattern bytes. Written to, it holds what was written as long as that is the pattern, and remembers
/// the first byte that was not.
/// </summary>
sealed class PatternStream(PatternContent content, long length) : Stream
{
    long _length = length;
    long? _wrongAt;

    /// <summary>A place for bytes that nobody wants.</summary>
    public static FileStream Scrap() =>
        new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Whether it holds the content to the last byte.</summary>
    public bool IsWhole => _length > 0 && _length == content.Size && _wrongAt is null;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var part = buffer[..(int)Math.Min(buffer.Length, Math.Max(0, _length - Position))];
        content.Read(Position, part);
        if (_wrongAt is { } wrong && wrong >= Position && wrong < Position + part.Length)
            part[(int)(wrong - Position)] ^= 1;
        Position += part.Length;
        return part.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Span<byte> expected = stackalloc byte[4096];
        for (var at = 0; at < buffer.Length; at += expected.Length)
        {
            var part = buffer[at..Math.Min(buffer.Length, at + expected.Length)];
            content.Read(Position + at, expected[..part.Length]);
            var same = part.CommonPrefixLength(expected[..part.Length]);
            if (same < part.Length)
                _wrongAt ??= Position + at + same;
        }
        Position += buffer.Length;
        _length = Math.Max(_length, Position);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void SetLength(long value)
    {
        _length = value;
        Position = Math.Min(Position, value);
        if (_wrongAt >= value)
            _wrongAt = null;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
