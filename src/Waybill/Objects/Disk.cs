using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>What the disk is asked for that .NET has no call for.</summary>
static partial class Disk
{
    const int ReadOnly = 0;
    const int SyncFileRangeWrite = 2;
    const int ReadNoWait = 8;

    /// <summary>Makes the names in a directory durable. Windows has no such call; NTFS journals them.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var handle = OpenDirectory(path);
        if (Sync(handle) != 0)
            throw Failure("fsync", path);
    }

    /// <summary>Makes the bytes of a file durable whose length does not change.</summary>
    public static void SyncData(SafeFileHandle file)
    {
        if (DataSync(file) != 0)
            throw Failure("fdatasync", "");
    }

    /// <summary>For <see cref="SyncFileSystem"/>: it hears of failures since it was opened (Linux 5.8).</summary>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure("open", path);
    }

    /// <summary>Makes everything durable that was written to the file system of a directory.</summary>
    public static void SyncFileSystem(SafeFileHandle directory)
    {
        if (FileSystemSync(directory) != 0)
            throw Failure("syncfs", "");
    }

    /// <summary>Starts writing dirty pages without waiting for them, so that the fsync at the end is short. A hint: its failure shows in that fsync.</summary>
    public static void StartWriteBack(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
            _ = SyncFileRange(file, offset, length, SyncFileRangeWrite);
    }

    /// <summary>Reads what is in memory already, without waiting for the disk; fewer bytes when there are fewer, or none at all.</summary>
    public static unsafe int ReadCached(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        fixed (byte* start = buffer)
        {
            ReadOnlySpan<nint> vector = [(nint)start, buffer.Length];
            return (int)Math.Max(0, ReadVector(file, vector, 1, offset, ReadNoWait));
        }
    }

    static IOException Failure(string call, string path) =>
        new($"{call} {path}: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    internal static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int FileSystemSync(SafeFileHandle directory);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    internal static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    private static partial nint ReadVector(SafeFileHandle file, ReadOnlySpan<nint> vectors, int count, long offset, int flags);
}
