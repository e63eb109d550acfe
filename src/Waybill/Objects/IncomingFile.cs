using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>A temporary file that one body is written to; disposed, it is gone unless it was placed.</summary>
sealed class IncomingFile : IDisposable
{
    const long WriteBackStep = 8 << 20;

    readonly string path;
    readonly SafeFileHandle handle;
    readonly List<ReadOnlyMemory<byte>> segments = [];
    long writtenBack;
    bool synced;
    bool placed;

    IncomingFile(string path, FileMode mode)
    {
        this.path = path;
        handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read);
        Length = RandomAccess.GetLength(handle);
    }

    public long Length { get; private set; }

    /// <summary>Two bodies of one intake never share a file, hence the random end.</summary>
    public static IncomingFile Create(string directory, string name) =>
        new(Path.Join(directory, $"{name}~{RandomNumberGenerator.GetHexString(16, lowercase: true)}"), FileMode.CreateNew);

    public static IncomingFile Open(Leftover leftover) => new(leftover.Path, FileMode.Open);

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            segments.Add(segment);
        RandomAccess.Write(handle, segments, Length);
        segments.Clear();
        Length += bytes.Length;
        if (Length - writtenBack < WriteBackStep)
            return;
        Disk.StartWriteBack(handle, writtenBack, Length - writtenBack);
        writtenBack = Length;
    }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(handle, buffer, offset);

    public void Sync()
    {
        RandomAccess.FlushToDisk(handle);
        synced = true;
    }

    /// <summary>On return the bytes lie under their hash for good.</summary>
    public void Place(ObjectTree tree, Sha256Digest hash)
    {
        if (!synced)
            Sync();
        tree.Place(path, hash);
        placed = true;
    }

    public void Dispose()
    {
        handle.Dispose();
        if (!placed)
            File.Delete(path);
    }
}
