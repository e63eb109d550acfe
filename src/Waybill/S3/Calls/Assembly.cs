using System.IO.Pipelines;
using Waybill.Objects;
using Waybill.S3.Checksums;
using Waybill.S3.Signing;

namespace Waybill.S3.Calls;

/// <summary>Some bytes of an object.</summary>
sealed record Piece(Sha256Digest Sha256, ByteRange Range);

/// <summary>Puts pieces of stored objects together to one that is stored as any other.</summary>
sealed class Assembly(DiskStore store)
{
    const int ReadSize = 256 << 10;

    /// <param name="pieces">In their order.</param>
    /// <param name="kind">The checksum to compute; null for none.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<ReceivedBody> StoreAsync(IReadOnlyList<Piece> pieces, ChecksumKind? kind, CancellationToken ct)
    {
        var size = pieces.Sum(p => p.Range.Length);
        await using var bytes = new PieceStream(store, pieces);
        var reader = PipeReader.Create(bytes, new(bufferSize: ReadSize, minimumReadSize: ReadSize / 4));
        using var judged = new JudgedBody(kind is { } asked ? new(asked, null) : null, new(reader, size, null));
        var intake = new Intake(null, size, long.MaxValue, null) { Check = judged.Check };
        var stored = await store.ReceiveAsync(reader, intake, ct);
        await reader.CompleteAsync();
        return new(stored, judged.Result);
    }
}
