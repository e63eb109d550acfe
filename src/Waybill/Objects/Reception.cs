using System.Buffers;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>One body on its way from the pipe to a temporary file and into both hashes.</summary>
/// <remarks>Hot. Bytes are hashed and written where they lie in the request's pipe; nothing is copied. While one batch is worked on by
/// three threads, one each for MD5, SHA-256 and the disk, the pipe fills with the next. Watched by <c>bench/bytes.sh</c>.</remarks>
sealed class Reception(IncomingFile file, WorkThreads hashing, WorkThreads disk) : IDisposable
{
    readonly BodyHashes hashes = new();

    public async Task<(Sha256Digest Sha256, Md5Digest Md5)> RunAsync(BodyReader body, CancellationToken ct)
    {
        var working = Task.CompletedTask;
        try
        {
            while (true)
            {
                var batch = await body.ReadAsync(ct);
                await working;
                if (batch.IsEmpty)
                    return hashes.Finish();
                working = TakeAsync(batch);
                body.Keep(batch);
            }
        }
        finally
        {
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            body.Release();
        }
    }

    public void Dispose() => hashes.Dispose();

    Task TakeAsync(ReadOnlySequence<byte> batch)
    {
        if (batch.Length > BodyReader.SmallBatch)
            return Task.WhenAll(
                hashing.RunAsync(() => hashes.AppendMd5(batch)),
                hashing.RunAsync(() => hashes.AppendSha256(batch)),
                disk.RunAsync(() => file.Append(batch)));
        // Small or slow: three handovers would cost more than they save.
        hashes.AppendMd5(batch);
        hashes.AppendSha256(batch);
        file.Append(batch);
        return Task.CompletedTask;
    }
}
