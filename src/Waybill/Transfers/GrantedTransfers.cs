using System.Collections.Concurrent;

namespace Waybill.Transfers;

/// <summary>
/// Transfers whose URLs are in use, kept for two seconds so that a device that fetches in small ranges does not cost a
/// look into the database for each. What is committed meanwhile shows at once; what another node disabled within the two seconds.
/// </summary>
sealed class GrantedTransfers(TimeProvider clock)
{
    const int Most = 4096;
    static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<long, (Transfer Transfer, long Seen)> _granted = [];

    public Transfer? Find(long id) =>
        _granted.TryGetValue(id, out var entry) && clock.GetElapsedTime(entry.Seen) < Life ? entry.Transfer : null;

    public void Keep(Transfer transfer)
    {
        if (_granted.Count >= Most)
            _granted.Clear();
        _granted[transfer.Id] = (transfer, clock.GetTimestamp());
    }

    /// <summary>Who may do what has changed.</summary>
    public void Forget() => _granted.Clear();

    public void Committed(Transfer transfer)
    {
        if (_granted.TryGetValue(transfer.Id, out var entry))
            _granted.TryUpdate(transfer.Id, entry with { Transfer = transfer }, entry);
    }
}
