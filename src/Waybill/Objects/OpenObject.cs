using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>An object's file while at least one needs it: the store that keeps it open, and each reader.</summary>
sealed class OpenObject(SafeFileHandle file) : IDisposable
{
    int users = 1;

    public long Length { get; } = RandomAccess.GetLength(file);

    public long LastUsed { get; private set; }

    /// <summary>False once it has been closed.</summary>
    public bool TryEnter()
    {
        for (var seen = Volatile.Read(ref users); seen > 0;)
        {
            var before = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (before == seen)
            {
                LastUsed = Environment.TickCount64;
                return true;
            }
            seen = before;
        }
        return false;
    }

    /// <summary>Fewer bytes than asked for, or none, when it has to wait for the disk.</summary>
    public int ReadCached(Span<byte> buffer, long offset) => Disk.ReadCached(file, buffer, offset);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(file, buffer, offset);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) == 0)
            file.Dispose();
    }
}
