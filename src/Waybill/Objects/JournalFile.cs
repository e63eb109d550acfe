using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>One of the journal's files: of a fixed length from the start, so that a sync has nothing but the bytes to write.</summary>
sealed class JournalFile : IDisposable
{
    readonly SafeFileHandle handle;
    readonly int length;
    ulong epoch = 1;
    int end;
    int covering;

    public JournalFile(string path, int length)
    {
        this.length = length;
        handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        try
        {
            RandomAccess.Write(handle, new byte[length], 0);
            RandomAccess.FlushToDisk(handle);
            Disk.SyncDirectory(Path.GetDirectoryName(path)!);
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public bool IsEmpty => end == 0;

    public bool HasRoomFor(int bytes) => bytes <= length - end;

    public ulong Epoch => epoch;

    /// <summary>Whole records; on return they are durable.</summary>
    public void Append(ReadOnlySpan<byte> records)
    {
        RandomAccess.Write(handle, records, end);
        Disk.SyncData(handle);
        end += records.Length;
    }

    /// <summary>Something recorded here is being written to its place.</summary>
    public void Enter() => Interlocked.Increment(ref covering);

    public void Leave() => Interlocked.Decrement(ref covering);

    /// <summary>Everything recorded here is in its place.</summary>
    public bool IsSettled => Volatile.Read(ref covering) == 0;

    /// <summary>When all of it is durable elsewhere.</summary>
    public void Clear()
    {
        RandomAccess.Write(handle, new byte[end], 0);
        (end, epoch) = (0, epoch + 1);
    }

    public void Dispose() => handle.Dispose();
}
