namespace Waybill.Transfers;

/// <summary>The bytes of an upload may not be stored: it ends, so that lists say why and its place is free.</summary>
sealed class UploadRejection(long id, RefusedException refusal) : PlatformMessage
{
    public override void Need(TransferView view) => view.NeededIds.Add(id);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (view.Find(id) is not { IsOpen: true } open)
            return Decision.Nothing;
        view.Refused.Add((open.DeviceId, new(open.Name, refusal.Code, refusal.Message, moment.Now)));
        return new(Changed: open.Ended(TransferState.Rejected, refusal.Message));
    }
}
