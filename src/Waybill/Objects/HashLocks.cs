namespace Waybill.Objects;

/// <summary>One holder at a time per hash, and who still needs the bytes. Hashes share a fixed number of locks.</summary>
sealed class HashLocks
{
    readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, 512).Select(_ => new SemaphoreSlim(1, 1))];
    readonly Dictionary<Sha256Digest, int> pins = [];

    public async ValueTask<Held> EnterAsync(Sha256Digest hash, CancellationToken ct)
    {
        var held = locks[(int)(hash.Low % (uint)locks.Length)];
        await held.WaitAsync(ct);
        return new Held(held);
    }

    public void Pin(Sha256Digest hash)
    {
        lock (pins)
            pins[hash] = pins.GetValueOrDefault(hash) + 1;
    }

    public void Unpin(Sha256Digest hash)
    {
        lock (pins)
        {
            if (--pins[hash] == 0)
                pins.Remove(hash);
        }
    }

    public bool IsPinned(Sha256Digest hash)
    {
        lock (pins)
            return pins.ContainsKey(hash);
    }

    public readonly struct Held(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
