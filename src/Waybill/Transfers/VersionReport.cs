namespace Waybill.Transfers;

/// <summary>
/// A device says what it holds. That is the record from now on, and it proves what it was waited for: a download whose version it has,
/// a removal of what it has no more. A device that lost its list asks with an empty one and gets the record.
/// </summary>
sealed class VersionReport : TransferMessage
{
    readonly long _deviceId;
    readonly IReadOnlyList<HeldFile> _files;
    readonly bool _isQuestion;

    /// <param name="deviceId">Whose report.</param>
    /// <param name="files">As reported; of a name that is there twice the last counts.</param>
    /// <param name="isQuestion">The list is empty: what is on record?</param>
    public VersionReport(long deviceId, IEnumerable<HeldFile> files, bool isQuestion)
    {
        (_deviceId, _isQuestion, Listed) = (deviceId, isQuestion, [.. files]);
        var names = new HashSet<string>(Listed.Count, StringComparer.Ordinal);
        _files = Listed.All(f => names.Add(f.Name)) ? Listed : [.. Listed.GroupBy(f => f.Name).Select(g => g.Last())];
    }

    /// <summary>For the answer: what was reported, or the record.</summary>
    public IReadOnlyList<HeldFile> Listed { get; private set; }

    public override void Need(TransferView view)
    {
        view.NeededDevices.Add(_deviceId);
        if (_isQuestion)
            view.NeededHeld.Add(_deviceId);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var queue = view.Queue(_deviceId);
        // devices start over with it after a failure: what failed once is tried again at once, what fails again waits out its back-off
        foreach (var waiting in queue.Where(t => t is { State: TransferState.Pending, Attempts: 1 } && !t.IsReady(moment.Now)))
            view.Change(waiting with { DueAt = waiting.DeadlineAt });
        if (_isQuestion)
        {
            Listed = view.Held(_deviceId).MostUsefulFirst(name => queue.Exists(t => t.Kind == TransferKind.Removal && t.Name == name));
            return Decision.Nothing;
        }
        var held = new HeldFiles(_deviceId, _files, moment.Now, moment.FreshId());
        view.Hold(_deviceId, _ => held);
        foreach (var proven in queue.Where(t => IsProven(t, held)))
            view.Change(proven.Ended(TransferState.Ok) with { UpdatedAt = moment.Now });
        return Decision.Nothing;
    }

    static bool IsProven(Transfer open, HeldFiles held) => open.Kind == TransferKind.Removal
        ? held.Find(open.Name) is null
        : open.Version is not null && held.Has(open.Name, open.Version);
}
