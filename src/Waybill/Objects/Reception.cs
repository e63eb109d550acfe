using System.Buffers;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>One body on its way from the pipe to a temporary file and into both hashes.</summary>
/// <remarks>Hot. Bytes are hashed and written where they lie in the request's pipe; nothing is copied. MD5, SHA-256 and the disk each go
/// at their own pace, a few batches apart at most, while the pipe fills with the next. Watched by <c>bench/bytes.sh</c>.</remarks>
sealed class Reception : IDisposable
{
    const int MostUnderWay = 4;

    readonly BodyHashes hashes = new();
    readonly Queue<BodyBatch> underWay = [];
    readonly BodyLane[] lanes;

    public Reception(IncomingFile file, WorkThreads hashing, WorkThreads disk, Action<ReadOnlySequence<byte>>? also = null)
    {
        lanes = [new(hashing, hashes.AppendMd5), new(hashing, hashes.AppendSha256), new(disk, file.Append)];
        if (also is not null)
            lanes = [.. lanes, new(hashing, also)];
    }

    public async Task<(Sha256Digest Sha256, Md5Digest Md5)> RunAsync(BodyReader body, CancellationToken ct)
    {
        try
        {
            for (var bytes = await body.ReadAsync(ct); !bytes.IsEmpty; bytes = await body.ReadAsync(ct))
            {
                Begin(bytes);
                body.Keep(bytes, underWay.Sum(b => b.Length));
                while (underWay.TryPeek(out var oldest) && (oldest.Task.IsCompleted || underWay.Count == MostUnderWay))
                    await EndAsync(oldest);
            }
            while (underWay.TryPeek(out var oldest))
                await EndAsync(oldest);
            return hashes.Finish();
        }
        finally
        {
            foreach (var batch in underWay)
                await batch.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            body.Release();
        }
    }

    public void Dispose() => hashes.Dispose();

    void Begin(ReadOnlySequence<byte> bytes)
    {
        var batch = new BodyBatch(bytes, lanes.Length);
        // Small or slow: three handovers would cost more than they save.
        var here = bytes.Length <= BodyReader.SmallBatch && underWay.Count == 0;
        underWay.Enqueue(batch);
        foreach (var lane in lanes)
        {
            if (here)
                lane.WorkHere(batch);
            else
                lane.Add(batch);
        }
    }

    async Task EndAsync(BodyBatch oldest)
    {
        await oldest.Task;
        underWay.Dequeue();
    }
}
