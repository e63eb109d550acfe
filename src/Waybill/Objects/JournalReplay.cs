namespace Waybill.Objects;

/// <summary>What a journal of small bodies holds when a run begins: the last one was killed, or the power was.</summary>
static class JournalReplay
{
    /// <summary>Everything found is written to its place again, durably; then the files go.</summary>
    public static void Run(string directory, Action<Sha256Digest, ReadOnlyMemory<byte>> place)
    {
        var found = Directory.GetFiles(directory);
        if (found.Length == 0)
            return;
        foreach (var (hash, body) in found.SelectMany(file => JournalRecord.Read(File.ReadAllBytes(file))))
            place(hash, body);
        using var handle = Disk.OpenDirectory(directory);
        Disk.SyncFileSystem(handle);
        foreach (var file in found)
            File.Delete(file);
    }
}
