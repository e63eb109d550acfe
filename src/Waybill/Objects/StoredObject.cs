using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>Bytes that are on the disk for good. Until this is disposed the store will not delete them, so whoever receives
/// them records them first and disposes afterwards.</summary>
sealed class StoredObject(Sha256Digest sha256, Md5Digest md5, long size, Action<Sha256Digest> release) : IDisposable
{
    bool released;

    public Sha256Digest Sha256 { get; } = sha256;

    public Md5Digest Md5 { get; } = md5;

    public long Size { get; } = size;

    public ObjectRecord Record => new(Sha256, Md5, Size);

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref released, true))
            release(Sha256);
    }
}
