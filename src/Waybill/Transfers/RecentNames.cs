using Waybill.Data;

namespace Waybill.Transfers;

/// <summary>
/// Names of the newest transfers that are not in <c>transfer_names</c> yet. An index entry for each new transfer would touch
/// a page of its own in every commit; collected here and merged in key order, many entries share a page. After a start
/// the rows beyond the merged ones are read again, so nothing here needs to survive.
/// </summary>
sealed class RecentNames(Database database)
{
    const int Enough = 16_384;

    readonly Lock _gate = new();
    TaskCompletionSource _enough = NewSignal();
    Dictionary<TransferKey, long> _newest = [];
    List<(TransferKey Key, long Id)> _arrived = [];
    Dictionary<TransferKey, long>? _merging;

    /// <summary>The newest transfer of the name, as far as it is recent.</summary>
    public long? Find(TransferKey key)
    {
        lock (_gate)
            return _newest.TryGetValue(key, out var id) || (_merging?.TryGetValue(key, out id) ?? false) ? id : null;
    }

    public void Add(IReadOnlyList<Transfer> committed)
    {
        lock (_gate)
        {
            foreach (var transfer in committed)
                Add(transfer.Key, transfer.Id);
        }
    }

    /// <summary>Before anything is decided: what an earlier run had not merged.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        var rows = await database.ListAsync<NameRow>(
            """
            select device_id as deviceId, kind, name, id from transfers
            where id > (select next from sequences where name = 'transfer_names') order by id
            """,
            null,
            ct);
        lock (_gate)
        {
            foreach (var row in rows)
                Add(new TransferKey(row.DeviceId, (TransferKind)row.Kind, row.Name), row.Id);
        }
    }

    /// <summary>Waits until a merge is worth while.</summary>
    public Task EnoughAsync(CancellationToken ct)
    {
        lock (_gate)
            return _enough.Task.WaitAsync(ct);
    }

    /// <summary>A merge is wanted now, however few there are.</summary>
    public void MergeSoon()
    {
        lock (_gate)
        {
            if (_arrived.Count > 0)
                _enough.TrySetResult();
        }
    }

    /// <summary>All names collected so far, in key order; they are still found until <see cref="Merged"/>.</summary>
    public IReadOnlyList<(TransferKey Key, long Id)> BeginMerge()
    {
        List<(TransferKey Key, long Id)> names;
        lock (_gate)
        {
            (names, _arrived) = (_arrived, []);
            (_merging, _newest) = (_newest, []);
            _enough = NewSignal();
        }
        names.Sort(static (a, b) =>
            a.Key.DeviceId != b.Key.DeviceId ? a.Key.DeviceId.CompareTo(b.Key.DeviceId)
            : a.Key.Kind != b.Key.Kind ? a.Key.Kind.CompareTo(b.Key.Kind)
            : string.CompareOrdinal(a.Key.Name, b.Key.Name));
        return names;
    }

    public void Merged()
    {
        lock (_gate)
            _merging = null;
    }

    void Add(TransferKey key, long id)
    {
        _newest[key] = id;
        _arrived.Add((key, id));
        if (_arrived.Count >= Enough)
            _enough.TrySetResult();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    sealed record NameRow(long DeviceId, long Kind, string Name, long Id);
}
