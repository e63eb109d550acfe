using Waybill.Objects;

namespace Waybill.S3.Calls;

/// <summary>Pieces of stored objects, read one after the other.</summary>
sealed class PieceStream(DiskStore store, IReadOnlyList<Piece> pieces) : Stream
{
    OpenObject? open;
    int next;
    long offset;
    long end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (offset == end)
        {
            if (next == pieces.Count)
                return 0;
            var piece = pieces[next++];
            Release();
            open = store.Open(piece.Sha256);
            (offset, end) = (piece.Range.Offset, piece.Range.Offset + piece.Range.Length);
        }
        var count = open!.Read(buffer[..(int)Math.Min(buffer.Length, end - offset)], offset);
        offset += count;
        return count > 0 ? count : throw new EndOfStreamException("The object ends before its recorded size.");
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Release();
        base.Dispose(disposing);
    }

    /// <summary>Once: the file is shared with whoever else reads it.</summary>
    void Release()
    {
        open?.Dispose();
        open = null;
    }
}
