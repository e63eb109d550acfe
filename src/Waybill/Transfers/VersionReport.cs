namespace Waybill.Transfers;

/// <summary>
/// A device says what it holds. That is the record from now on, and it proves what it was waited for: a download whose version it has,
/// a removal of what it has no more. A device that lost its list asks with an empty one and gets the record.
/// </summary>
sealed class VersionReport(long deviceId, IReadOnlyList<HeldFile> files, bool isQuestion) : TransferMessage
{
    /// <summary>For the answer: what was reported, or the record.</summary>
    public IReadOnlyList<HeldFile> Listed { get; private set; } = [];

    public override void Need(TransferView view)
    {
        view.NeededDevices.Add(deviceId);
        if (isQuestion)
            view.NeededHeld.Add(deviceId);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var held = new HeldFiles(deviceId, files, moment.Now);
        Listed = isQuestion ? view.Held(deviceId).Files : files;
        if (!isQuestion)
            view.Hold(deviceId, _ => held);
        foreach (var open in view.Queue(deviceId))
        {
            if (IsProven(open, held))
                view.Change(open.Ended(TransferState.Ok) with { UpdatedAt = moment.Now });
        }
        return Decision.Nothing;
    }

    static bool IsProven(Transfer open, HeldFiles held) => open.Kind == TransferKind.Removal
        ? held.Lacks(open.Name)
        : open.Version is not null && held.Has(open.Name, open.Version);
}
