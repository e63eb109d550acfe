using Waybill.Objects;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>The bytes of an upload are on the disk, checked. The proof that makes an upload <c>ok</c>.</summary>
sealed class BytesStored(long id, ObjectRecord stored) : PlatformMessage
{
    /// <summary>What the device may upload, and which device: others of its uploads may have come first.</summary>
    public (long DeviceId, UploadRules Rules)? Allowed { get; init; }

    public override void Need(TransferView view)
    {
        view.NeededIds.Add(id);
        if (Allowed is { Rules.NeedUsage: true, DeviceId: var device })
            view.NeededUploads.Add(device);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        switch (view.Find(id))
        {
            case { IsOpen: true } open when WhyNot(open, view, moment) is { } refusal:
                return new(Refusal: refusal);
            case { IsOpen: true } open:
                view.Stored.Add(stored);
                return new(Changed: open.Ended(TransferState.Ok) with { Sha256 = stored.Sha256, Md5 = stored.Md5, Size = stored.Size });
            case { State: TransferState.Ok } ok when ok.Sha256 == stored.Sha256:
                return new(Unchanged: ok);
            default:
                return Decision.Refused("transfer_ended", "The transfer ended before its bytes arrived.");
        }
    }

    RefusedException? WhyNot(Transfer open, TransferView view, Moment moment) =>
        Allowed?.Rules.WhyNot(new(stored.Size, open.Type, IsNew: false), view.Usage(open.DeviceId, moment.Now, except: id));
}

/// <summary>Bytes of a download went out. Not awaited by the response: what the device says comes later on the same line.</summary>
sealed class BytesServed(long id, ServedBytes noted) : TransferMessage
{
    RangeSet? _served;

    public override void Need(TransferView view)
    {
        // taken once: a batch that is tried again decides about the same bytes
        _served ??= noted.Take(id);
        view.NeededIds.Add(id);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (view.Find(id) is not { IsOpen: true } transfer)
            return Decision.Nothing;
        var all = transfer.Served.Union(_served!);
        if (transfer.Step == TransferStep.Verifying && all.Covers(transfer.Size))
            return new(Changed: transfer.Ended(TransferState.Ok) with { Served = all });
        return new(Changed: transfer with
        {
            Served = all,
            State = transfer.State == TransferState.Sent ? TransferState.InProgress : transfer.State,
        });
    }
}
