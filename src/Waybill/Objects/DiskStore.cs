using System.IO.Pipelines;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>Content-addressed files on one disk. What <see cref="ReceiveAsync"/> returns survives a power cut.</summary>
sealed partial class DiskStore : IDisposable
{
    readonly ILogger<DiskStore> logger;
    readonly string incoming;
    readonly ObjectTree tree;
    readonly OpenObjects open;
    readonly HashLocks locks = new();
    readonly WorkThreads disk = new("objects disk", 4);
    readonly WorkThreads hashing = new("objects hash", Math.Max(2, Environment.ProcessorCount));
    readonly BodyJournal? journal;

    public DiskStore(string root, ILogger<DiskStore> logger)
    {
        this.logger = logger;
        var full = Path.GetFullPath(root);
        incoming = Path.Join(full, "incoming");
        tree = new ObjectTree(Path.Join(full, "objects"));
        open = new OpenObjects(tree);
        Directory.CreateDirectory(incoming);
        var journals = Directory.CreateDirectory(Path.Join(full, "journal")).FullName;
        JournalReplay.Run(journals, (hash, body) => tree.RestoreUnsynced(hash, body.Span));
        Disk.SyncDirectory(full);
        Disk.SyncDirectory(Path.GetDirectoryName(full) ?? full);
        if (BodyJournal.IsOffered)
            journal = new(journals, disk, logger);
        Leftovers = [.. new DirectoryInfo(incoming).EnumerateFiles().Select(f => new Leftover(f.Name.Split('~')[0], f.FullName, f.Length))];
    }

    /// <summary>The temporary files found at start: adopt or discard each.</summary>
    public IReadOnlyList<Leftover> Leftovers { get; }

    /// <summary>Stores a body, or stores nothing and throws: <see cref="RefusedException"/> for a wrong size or MD5,
    /// <see cref="OperationCanceledException"/> for a broken connection, <see cref="IOException"/> for the disk (logged here).</summary>
    public async Task<StoredObject> ReceiveAsync(PipeReader body, Intake intake, CancellationToken ct)
    {
        try
        {
            if (journal is not null && intake is { Name: null, ExpectedSize: <= BodyJournal.LargestBody and var size })
                return await ReceiveSmallAsync(body, intake, (int)size, ct);
            using var file = IncomingFile.Create(incoming, intake.Name ?? "unnamed");
            using var reception = new Reception(file, hashing, disk, intake.Check?.Work);
            var (sha256, md5) = await reception.RunAsync(new BodyReader(body, intake), ct);
            Judge(intake, sha256, md5);
            return await PlaceAsync(file, sha256, md5, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogDiskFailed(e, intake.Name ?? "a body");
            throw;
        }
    }

    /// <summary>Keeps a leftover that is exactly the announced bytes; any other is removed and null returned.</summary>
    public async Task<StoredObject?> AdoptAsync(Leftover leftover, long expectedSize, Md5Digest expectedMd5, CancellationToken ct)
    {
        using var file = IncomingFile.Open(leftover);
        if (file.Length != expectedSize)
            return null;
        using var hashes = new BodyHashes();
        await disk.RunAsync(() => hashes.AppendAll(file.Read, ct));
        var (sha256, md5) = hashes.Finish();
        return md5 == expectedMd5 ? await PlaceAsync(file, sha256, md5, ct) : null;
    }

    public static void Discard(Leftover leftover) => File.Delete(leftover.Path);

    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    public OpenObject Open(Sha256Digest hash) => open.Open(hash);

    /// <summary>Deletes an object that nothing needs. The question is asked under the hash's lock, so bytes that arrive again meanwhile
    /// are either seen by it or stored anew afterwards. False when it stays: needed, or just received and not yet recorded.</summary>
    public async Task<bool> DeleteAsync(Sha256Digest hash, Func<CancellationToken, ValueTask<bool>> isNeeded, CancellationToken ct)
    {
        using var held = await locks.EnterAsync(hash, ct);
        if (locks.IsPinned(hash) || await isNeeded(ct))
            return false;
        await disk.RunAsync(() => tree.Delete(hash));
        open.Forget(hash);
        return true;
    }

    /// <summary>Hashes an object again.</summary>
    public async Task<ObjectCondition> VerifyAsync(Sha256Digest hash, CancellationToken ct)
    {
        try
        {
            using var file = tree.OpenRead(hash);
            using var hashes = new BodyHashes();
            await disk.RunAsync(() => hashes.AppendAll((buffer, offset) => RandomAccess.Read(file, buffer, offset), ct));
            return hashes.Finish().Sha256 == hash ? ObjectCondition.Intact : ObjectCondition.Rotten;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return ObjectCondition.Missing;
        }
    }

    /// <summary>Every object on the disk, recorded or not.</summary>
    public IEnumerable<Sha256Digest> All() => tree.All();

    public void Dispose()
    {
        open.Dispose();
        journal?.Dispose();
        disk.Dispose();
        hashing.Dispose();
    }

    async Task<StoredObject> ReceiveSmallAsync(PipeReader body, Intake intake, int size, CancellationToken ct)
    {
        using var small = await SmallBody.ReceiveAsync(body, intake, size, ct);
        var (sha256, md5) = small.Hash();
        Judge(intake, sha256, md5);
        using (await locks.EnterAsync(sha256, ct))
        {
            if (await journal!.KeepAsync(sha256, small.Bytes, () => PlaceCovered(small, sha256)))
            {
                locks.Pin(sha256);
                return new StoredObject(sha256, md5, size, locks.Unpin);
            }
        }
        using var file = IncomingFile.Create(incoming, "unnamed");
        await disk.RunAsync(() => file.Append(new(small.Bytes)));
        return await PlaceAsync(file, sha256, md5, ct);
    }

    void PlaceCovered(SmallBody small, Sha256Digest hash)
    {
        if (tree.Holds(hash, small.Bytes.Length))
            return;
        tree.PlaceUnsynced(hash, small.Bytes.Span);
        open.Forget(hash);
    }

    static void Judge(Intake intake, Sha256Digest sha256, Md5Digest md5)
    {
        if (intake.ExpectedMd5 is { } expected && expected != md5)
            throw new RefusedException("md5_mismatch", $"The body's MD5 is {md5}, announced was {expected}.");
        intake.Check?.Judge(sha256, md5);
    }

    async Task<StoredObject> PlaceAsync(IncomingFile file, Sha256Digest sha256, Md5Digest md5, CancellationToken ct)
    {
        // Outside the lock: others wait for that one. Not at all where the bytes are there already, which the look under the lock settles.
        if (!tree.Holds(sha256, file.Length))
            await disk.RunAsync(file.Sync);
        using var held = await locks.EnterAsync(sha256, ct);
        await disk.RunAsync(() => PlaceHeld(file, sha256));
        locks.Pin(sha256);
        return new StoredObject(sha256, md5, file.Length, locks.Unpin);
    }

    void PlaceHeld(IncomingFile file, Sha256Digest hash)
    {
        if (tree.Holds(hash, file.Length))
        {
            tree.MakeDurable(hash);
            return;
        }
        file.Place(tree, hash);
        open.Forget(hash);
    }

    [LoggerMessage(LogLevel.Error, "The disk failed while {Name} was stored")]
    partial void LogDiskFailed(Exception failure, string name);
}
