using Waybill.Events;
using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>
/// What a batch's messages name, loaded once, and what they change: later messages of the batch see the changes of
/// earlier ones. Messages first say what they need, then the rows are loaded, then they are decided in order.
/// </summary>
sealed class TransferView(UploadRuleSet rules)
{
    readonly Dictionary<long, Transfer> _byId = [];
    readonly Dictionary<TransferKey, long> _newest = [];
    readonly Dictionary<long, SortedSet<long>> _towards = [];
    readonly Dictionary<long, Transfer> _changed = [];
    readonly HashSet<long> _fresh = [];
    readonly Dictionary<long, HeldFiles> _held = [];
    readonly Dictionary<long, Func<HeldFiles, HeldFiles>> _heldChanges = [];
    readonly List<EventRow> _events = [];
    readonly Dictionary<long, DeviceUploads> _uploads = [];

    /// <summary>What devices may upload.</summary>
    public UploadRuleSet Rules => rules;

    public HashSet<TransferKey> NeededKeys { get; } = [];

    public HashSet<long> NeededIds { get; } = [];

    /// <summary>Devices whose open transfers towards them are needed.</summary>
    public HashSet<long> NeededDevices { get; } = [];

    /// <summary>Devices of which a decision reads what they hold.</summary>
    public HashSet<long> NeededHeld { get; } = [];

    /// <summary>Devices of which a decision reads what they have uploaded.</summary>
    public HashSet<long> NeededUploads { get; } = [];

    /// <summary>What of <see cref="NeededUploads"/> was loaded, with the changes of the batch.</summary>
    public IReadOnlyCollection<DeviceUploads> Uploads => _uploads.Values;

    /// <summary>Uploads that were refused.</summary>
    public List<(long DeviceId, UploadRefusal Refusal)> Refused { get; } = [];

    /// <summary>Objects that lost a transfer that referred to them.</summary>
    public List<Sha256Digest> Released { get; } = [];

    /// <summary>Objects whose bytes were stored, to be recorded with the transfers that needed them.</summary>
    public List<ObjectRecord> Stored { get; } = [];

    public Transfer? Find(TransferKey key) => _newest.TryGetValue(key, out var id) ? _byId[id] : null;

    public Transfer? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>Open transfers towards the device, oldest first.</summary>
    public List<Transfer> Queue(long deviceId) =>
        _towards.TryGetValue(deviceId, out var ids) ? [.. ids.Select(id => _byId[id]).Where(t => t.IsOpen)] : [];

    public void Loaded(Transfer transfer)
    {
        if (_byId.TryAdd(transfer.Id, transfer))
            Queue(transfer);
    }

    public void LoadedNewest(Transfer transfer)
    {
        Loaded(transfer);
        _newest[transfer.Key] = transfer.Id;
    }

    public void LoadedUploads(DeviceUploads uploads) => _uploads[uploads.DeviceId] = uploads;

    /// <summary>What the device has uploaded; nothing where it was not needed.</summary>
    public UploadUsage Usage(long deviceId, long now, long? except) => _uploads.GetValueOrDefault(deviceId)?.At(now, except) ?? UploadUsage.None;

    public void LoadedHeld(HeldFiles held) => _held[held.DeviceId] = held;

    /// <summary>What the device holds, with what earlier messages of the batch changed.</summary>
    public HeldFiles Held(long deviceId)
    {
        var held = _held.GetValueOrDefault(deviceId) ?? HeldFiles.None(deviceId);
        return _heldChanges.TryGetValue(deviceId, out var change) ? change(held) : held;
    }

    /// <summary>Changes what the device is known to hold; a change needs nothing loaded.</summary>
    public void Hold(long deviceId, Func<HeldFiles, HeldFiles> change)
    {
        var before = _heldChanges.GetValueOrDefault(deviceId);
        _heldChanges[deviceId] = before is null ? change : held => change(before(held));
    }

    /// <summary>Devices whose record changes and was not loaded.</summary>
    public IReadOnlyCollection<long> UnknownHeld() => [.. _heldChanges.Keys.Where(d => !_held.ContainsKey(d))];

    /// <summary>Records to be saved, as they were and as they are.</summary>
    public IReadOnlyList<(HeldFiles Before, HeldFiles After)> ChangedHeld()
    {
        var changed = new List<(HeldFiles, HeldFiles)>();
        foreach (var device in _heldChanges.Keys)
        {
            var (before, after) = (_held.GetValueOrDefault(device), Held(device));
            if (before is null || !before.Files.SequenceEqual(after.Files))
                changed.Add((before ?? HeldFiles.None(device), after));
        }
        return changed;
    }

    public void Open(Transfer transfer)
    {
        _fresh.Add(transfer.Id);
        _byId[transfer.Id] = transfer;
        _newest[transfer.Key] = transfer.Id;
        _events.Add(TransferEvents.Of(transfer));
        Queue(transfer);
        if (transfer.Kind == TransferKind.Upload)
            _uploads.GetValueOrDefault(transfer.DeviceId)?.Opened(transfer);
    }

    public void Change(Transfer transfer)
    {
        var before = _byId[transfer.Id];
        if (!_fresh.Contains(transfer.Id))
            _changed.TryAdd(transfer.Id, before);
        _byId[transfer.Id] = transfer;
        if (TransferEvents.IsWorthTelling(before, transfer))
            _events.Add(TransferEvents.Of(transfer));
        if (transfer.Kind == TransferKind.Upload)
            _uploads.GetValueOrDefault(transfer.DeviceId)?.Changed(before, transfer);
    }

    /// <summary>What happened, in order: to be saved with the rows.</summary>
    public IReadOnlyList<EventRow> Events => _events;

    /// <summary>Rows as they were loaded and as they are to be saved.</summary>
    public IReadOnlyList<(Transfer Before, Transfer After)> Changed => [.. _changed.Select(c => (c.Value, _byId[c.Key]))];

    public IReadOnlyList<Transfer> Fresh => [.. _fresh.Select(id => _byId[id])];

    void Queue(Transfer transfer)
    {
        if (transfer.Kind == TransferKind.Upload)
            return;
        if (!_towards.TryGetValue(transfer.DeviceId, out var ids))
            _towards.Add(transfer.DeviceId, ids = []);
        ids.Add(transfer.Id);
    }
}
