using System.Collections.Concurrent;
using Waybill.Device;

namespace Waybill.Cli.Simulate;

/// <summary>What a simulation has done so far; written by the devices, read by whoever shows it.</summary>
sealed class Board
{
    readonly ConcurrentQueue<SimulatedTransfer> _transfers = [];
    readonly ConcurrentDictionary<Faults, int> _faults = [];
    long _up;
    long _down;
    int _connected;
    int _running;
    int _ok;
    int _failed;
    int _retries;

    public IReadOnlyCollection<SimulatedTransfer> Transfers => _transfers;

    public int Connected => _connected;

    public int Running => _running;

    public int Ok => _ok;

    public int Failed => _failed;

    /// <summary>Attempts beyond the first.</summary>
    public int Retries => _retries;

    public long BytesUp => Interlocked.Read(ref _up);

    public long BytesDown => Interlocked.Read(ref _down);

    /// <summary>Changes with everything that happens.</summary>
    public (long, long, int, int, int) Activity => (BytesUp, BytesDown, _ok, _failed, _connected);

    /// <summary>Transfers of each dialect, in words.</summary>
    public IEnumerable<(string Dialect, string Counts)> Counts => _transfers.GroupBy(t => t.Dialect).OrderByDescending(d => d.Key, StringComparer.Ordinal)
        .Select(d => (d.Key, string.Join(", ", d.GroupBy(t => t.Kind).OrderBy(k => k.Key).Select(k => $"{k.Count()} {k.Key.Word()}s"))));

    public int Count(Faults fault) => _faults.GetValueOrDefault(fault);

    public void Connect(int change) => Interlocked.Add(ref _connected, change);

    public void Add(bool isUpload, long bytes) => Interlocked.Add(ref isUpload ? ref _up : ref _down, bytes);

    public void Meet(Faults fault) => _faults.AddOrUpdate(fault, 1, static (_, count) => count + 1);

    public void Begun(SimulatedTransfer transfer)
    {
        _transfers.Enqueue(transfer);
        Interlocked.Increment(ref _running);
    }

    public void Ended(SimulatedTransfer transfer, TransferOutcome outcome)
    {
        Interlocked.Decrement(ref _running);
        Interlocked.Increment(ref outcome.IsOk || transfer.Faults.HasFlag(Faults.FalseDone) ? ref _ok : ref _failed);
        Interlocked.Add(ref _retries, outcome.Attempts - 1);
    }

    /// <summary>The device could not go on with it.</summary>
    public void GivenUp()
    {
        Interlocked.Decrement(ref _running);
        Interlocked.Increment(ref _failed);
    }
}
