using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Waybill.Objects;

/// <summary>Where objects lie, <c>ab/{sha256}</c>, and that the way to them survives a power cut. One level: a second would be a directory of its own for
/// nearly every object, which takes as long to make as the object.</summary>
sealed class ObjectTree(string root)
{
    // Directories whose own name this process has synced. One found in place may have been made just before a crash.
    readonly ConcurrentDictionary<string, bool> durable = [];

    /// <summary>Renames a synced file over its hash name; on return it stays there.</summary>
    public void Place(string file, Sha256Digest hash)
    {
        var path = PathOf(hash);
        MakeDurable(Path.GetDirectoryName(path)!);
        File.Move(file, path, overwrite: true);
        MakeDurable(hash);
    }

    /// <summary>Writes a body under its hash without a sync: something else keeps it durable until there is one. Of a write that fails nothing stays.</summary>
    public void PlaceUnsynced(Sha256Digest hash, ReadOnlySpan<byte> body)
    {
        var path = PathOf(hash);
        using var file = CreateUnsynced(path);
        try
        {
            RandomAccess.Write(file, body, 0);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>The same where the place does not hold exactly these bytes already.</summary>
    public void RestoreUnsynced(Sha256Digest hash, ReadOnlySpan<byte> body)
    {
        if (!Holds(hash, body.Length) || !File.ReadAllBytes(Find(hash)).AsSpan().SequenceEqual(body))
            PlaceUnsynced(hash, body);
    }

    /// <summary>Whether the bytes are there in their full length; a file of another length is no obstacle to placing them.</summary>
    public bool Holds(Sha256Digest hash, long size) =>
        new FileInfo(Find(hash)) is { Exists: true } file && file.Length == size;

    /// <summary>Another may have placed the file and not yet have synced its name.</summary>
    public void MakeDurable(Sha256Digest hash)
    {
        var directory = Path.GetDirectoryName(Find(hash))!;
        MakeDurable(directory);
        Disk.SyncDirectory(directory);
    }

    public SafeFileHandle OpenRead(Sha256Digest hash) =>
        File.OpenHandle(Find(hash), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public void Delete(Sha256Digest hash)
    {
        var path = Find(hash);
        if (Directory.Exists(Path.GetDirectoryName(path)))
            File.Delete(path);
    }

    public IEnumerable<Sha256Digest> All()
    {
        if (!Directory.Exists(root))
            yield break;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            if (Sha256Digest.TryParse(Path.GetFileName(path), out var hash))
                yield return hash;
        }
    }

    static SafeFileHandle CreateUnsynced(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        }
    }

    string PathOf(Sha256Digest hash)
    {
        var name = hash.ToString();
        return Path.Join(root, name[..2], name);
    }

    /// <summary>Where it is, or will be. Stores of earlier versions have objects a level deeper.</summary>
    string Find(Sha256Digest hash)
    {
        var path = PathOf(hash);
        if (File.Exists(path))
            return path;
        var name = hash.ToString();
        var deeper = Path.Join(root, name[..2], name[2..4], name);
        return File.Exists(deeper) ? deeper : path;
    }

    void MakeDurable(string directory)
    {
        if (durable.ContainsKey(directory))
            return;
        var parent = Path.GetDirectoryName(directory)!;
        if (directory != root)
            MakeDurable(parent);
        Directory.CreateDirectory(directory);
        Disk.SyncDirectory(parent);
        durable[directory] = true;
    }
}
