using System.Collections.Concurrent;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>What docks have done so far; written by them, read by whoever shows it.</summary>
sealed class DockBoard
{
    readonly ConcurrentQueue<DockProof> _proofs = [];
    int _connected;
    long _bytes;

    public IReadOnlyCollection<DockProof> Proofs => _proofs;

    public int Connected => _connected;

    public long Bytes => Interlocked.Read(ref _bytes);

    public int Proven => _proofs.Count(p => p.IsProven);

    public IEnumerable<DockProof> Unproven => _proofs.Where(p => p is { IsOver: true, IsProven: false });

    public void Connect(int change) => Interlocked.Add(ref _connected, change);

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public DockProof Begin(string dock, string profile, DockTrial trial)
    {
        var proof = new DockProof(dock, profile, trial);
        _proofs.Enqueue(proof);
        return proof;
    }
}

/// <summary>One trial of one dock, while it runs and after.</summary>
sealed class DockProof(string dock, string profile, DockTrial trial)
{
    volatile string _found = "";
    volatile string _stage = "";
    volatile int _percent;
    volatile bool _isOver;

    public string Dock => dock;

    public string Profile => profile;

    public DockTrial Trial => trial;

    /// <summary>What came of it, where that is not what should.</summary>
    public string Found => _found;

    /// <summary>What is being done.</summary>
    public string Stage => _stage;

    public int Percent => _percent;

    public bool IsOver => _isOver;

    public bool IsProven => _isOver && _found.Length == 0;

    public void Move(string stage, int percent) => (_stage, _percent) = (stage, percent);

    /// <param name="found">Null: all is as it should be.</param>
    public void End(string? found)
    {
        _found = found ?? "";
        _percent = 100;
        _isOver = true;
    }
}
