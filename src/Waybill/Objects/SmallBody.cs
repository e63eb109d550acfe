using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>A body that is held in memory as a whole, in a borrowed buffer.</summary>
sealed class SmallBody : IDisposable
{
    readonly byte[] buffer;
    readonly int size;
    readonly Intake intake;

    SmallBody(Intake intake, int size) => (this.intake, this.size, buffer) = (intake, size, ArrayPool<byte>.Shared.Rent(size));

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, size);

    public static async Task<SmallBody> ReceiveAsync(PipeReader body, Intake intake, int size, CancellationToken ct)
    {
        var small = new SmallBody(intake, size);
        try
        {
            await small.FillAsync(new BodyReader(body, intake), ct);
            return small;
        }
        catch
        {
            small.Dispose();
            throw;
        }
    }

    public (Sha256Digest Sha256, Md5Digest Md5) Hash()
    {
        intake.Check?.Work?.Invoke(new(Bytes));
        Span<byte> digest = stackalloc byte[Sha256Digest.Length];
        SHA256.HashData(Bytes.Span, digest);
        var sha256 = Sha256Digest.FromBytes(digest);
        MD5.HashData(Bytes.Span, digest);
        return (sha256, Md5Digest.FromBytes(digest[..Md5Digest.Length]));
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    async Task FillAsync(BodyReader reader, CancellationToken ct)
    {
        try
        {
            var filled = 0;
            for (var bytes = await reader.ReadAsync(ct); !bytes.IsEmpty; bytes = await reader.ReadAsync(ct))
            {
                bytes.CopyTo(buffer.AsSpan(filled));
                filled += (int)bytes.Length;
                reader.Keep(bytes, 0);
            }
        }
        finally
        {
            reader.Release();
        }
    }
}
