using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>What outlives a restart of the device: the list of files it holds, and their bytes. All members may be used from any thread.</summary>
/// <param name="held">What it holds at the start.</param>
public sealed class ExplorerStorage(params IEnumerable<ExplorerResource> held)
{
    readonly List<ExplorerResource> _held = [.. held];

    /// <summary>Opens the place a download goes to.</summary>
    public required ExplorerSink Open { get; init; }

    /// <summary>Erases the bytes of a file, which need not be there.</summary>
    public required ExplorerEraser Erase { get; init; }

    /// <summary>The files as the device reports them.</summary>
    public IReadOnlyList<ExplorerResource> Held
    {
        get
        {
            lock (_held) return [.. _held];
        }
    }

    /// <summary>Loses the list, as when the device's firmware is written anew.</summary>
    public void Clear() => Take([]);

    internal void Put(ExplorerResource resource)
    {
        lock (_held)
        {
            _held.RemoveAll(r => r.Name == resource.Name);
            _held.Add(resource);
        }
    }

    /// <summary>Drops a file from the list, as when the application has erased it by itself.</summary>
    public void Remove(string name)
    {
        lock (_held) _held.RemoveAll(r => r.Name == name);
    }

    internal bool Has(string name)
    {
        lock (_held) return _held.Exists(r => r.Name == name);
    }

    internal void Take(IReadOnlyList<ExplorerResource> resources)
    {
        lock (_held)
        {
            _held.Clear();
            _held.AddRange(resources);
        }
    }
}

/// <summary>
/// Opens the place a download goes to: a seekable stream to read and write. What it holds is taken for the beginning of the file, unless
/// the device holds a file of that name or begins anew each time, as Java does. It is disposed when the transfer has ended, well or not.
/// An <see cref="IOException"/> here means that there is no room, and is reported so.
/// </summary>
public delegate ValueTask<Stream> ExplorerSink(ExplorerResource resource, CancellationToken ct);

/// <summary>Erases the bytes of a file. An <see cref="IOException"/> means that it could not, and is reported so.</summary>
public delegate ValueTask ExplorerEraser(ExplorerResource resource, CancellationToken ct);
