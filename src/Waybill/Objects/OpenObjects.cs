using System.Collections.Concurrent;

namespace Waybill.Objects;

/// <summary>Files kept open between the ranges that devices fetch one by one: opening costs as much as sending one.</summary>
sealed class OpenObjects(ObjectTree tree) : IDisposable
{
    const int Most = 128;

    readonly ConcurrentDictionary<Sha256Digest, OpenObject> objects = [];

    /// <summary>Dispose it when read.</summary>
    public OpenObject Open(Sha256Digest hash)
    {
        if (objects.TryGetValue(hash, out var known) && known.TryEnter())
            return known;
        var opened = new OpenObject(tree.OpenRead(hash));
        opened.TryEnter();
        if (!objects.TryAdd(hash, opened))
            opened.Dispose();
        else if (objects.Count > Most)
            Forget(objects.MinBy(o => o.Value.LastUsed).Key);
        return opened;
    }

    /// <summary>Whoever is reading may finish; the next to open looks at the disk.</summary>
    public void Forget(Sha256Digest hash)
    {
        if (objects.TryRemove(hash, out var forgotten))
            forgotten.Dispose();
    }

    public void Dispose()
    {
        foreach (var hash in objects.Keys)
            Forget(hash);
    }
}
