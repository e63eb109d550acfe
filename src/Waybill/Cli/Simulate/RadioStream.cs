using System.Diagnostics;

namespace Waybill.Cli.Simulate;

/// <summary>A body on its way through a radio, read or written from beginning to end.</summary>
sealed class RadioStream(Stream wire, long? rate, RadioFault? fault) : Stream
{
    /// <summary>A slow radio moves in parts of this many seconds.</summary>
    const double Part = 0.05;

    readonly long _begun = Stopwatch.GetTimestamp();
    long _moved;
    bool _isFlipped;

    public override bool CanRead => wire.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => wire.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await wire.ReadAsync(buffer[..Next(buffer.Length)], cancellationToken);
        Spoil(buffer.Span[..read]);
        await PassAsync(read, cancellationToken);
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Next(buffer.Length)].ToArray();
            Spoil(part);
            await wire.WriteAsync(part, cancellationToken);
            buffer = buffer[part.Length..];
            await PassAsync(part.Length, cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override Task FlushAsync(CancellationToken cancellationToken) => wire.FlushAsync(cancellationToken);

    protected override void Dispose(bool disposing)
    {
        // What is written to belongs to the connection
        if (disposing && wire.CanRead)
            wire.Dispose();
        base.Dispose(disposing);
    }

    int Next(int most)
    {
        if (rate is { } perSecond)
            most = Math.Min(most, Math.Max(1, (int)(perSecond * Part)));
        return fault?.BreakAt is { } end && end > _moved ? (int)Math.Min(most, end - _moved) : most;
    }

    void Spoil(Span<byte> bytes)
    {
        if (_isFlipped || fault?.FlipAt is not { } at || at < _moved || at >= _moved + bytes.Length)
            return;
        bytes[(int)(at - _moved)] ^= 0x20;
        _isFlipped = true;
        fault.Met(Faults.WrongMd5);
    }

    async ValueTask PassAsync(int count, CancellationToken ct)
    {
        _moved += count;
        if (fault?.BreakAt is { } end && _moved >= end)
        {
            fault.Met(Faults.Drop);
            throw new IOException("The radio broke off.");
        }
        if (rate is not { } perSecond)
            return;
        var early = TimeSpan.FromSeconds((double)_moved / perSecond) - Stopwatch.GetElapsedTime(_begun);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, ct);
    }
}
