using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>A device wants to upload a file and asks for a URL. <see cref="TransferMessage.Result"/> carries what the URL is made of.</summary>
class UploadAsk(long deviceId, string name, long size, Md5Digest md5) : TransferMessage
{
    readonly TransferKey _key = new(deviceId, TransferKind.Upload, name);

    public override void Need(TransferView view) => view.NeededKeys.Add(_key);

    protected override Decision Rule(TransferView view, Moment moment)
    {
        if (size < 0 || size > moment.Settings.MaximumSize)
            return Decision.Refused("size_refused", $"The size must be 0 to {moment.Settings.MaximumSize} bytes.");
        var newest = view.Find(_key);
        if (newest is { IsOpen: true } && newest.Size == size && newest.Md5 == md5)
            return Again(newest, moment);
        return new(Opened: New(moment), Superseded: newest?.Superseded());
    }

    /// <summary>The same answer, unless a new attempt begins or the URL has passed half its life.</summary>
    static Decision Again(Transfer transfer, Moment moment)
    {
        var expires = moment.After(moment.Settings.UploadUrl);
        if (transfer.UrlExpiresAt - moment.Now >= (expires - moment.Now) / 2)
            expires = transfer.UrlExpiresAt;
        else
            transfer = transfer with { UrlExpiresAt = expires, DeadlineAt = expires, DueAt = expires };
        var begun = transfer.State == TransferState.Pending || transfer.Step == TransferStep.Verifying
            ? transfer with { State = TransferState.Sent, Step = TransferStep.None, DueAt = expires }
            : transfer;
        return new(Changed: begun);
    }

    Transfer New(Moment moment)
    {
        var expires = moment.After(moment.Settings.UploadUrl);
        return new Transfer
        {
            Id = moment.FreshId(),
            DeviceId = deviceId,
            Kind = TransferKind.Upload,
            Name = name,
            State = TransferState.Sent,
            Size = size,
            Md5 = md5,
            CreatedAt = moment.Now,
            UpdatedAt = moment.Now,
            UrlExpiresAt = expires,
            DeadlineAt = expires,
            DueAt = expires,
        };
    }
}
