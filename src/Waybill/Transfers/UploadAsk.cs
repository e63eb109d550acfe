using Waybill.Link;
using Waybill.Protocols;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>What a device says of a file it wants to upload: in some dialects neither how large it is nor its MD5.</summary>
readonly record struct UploadWish(string Name, long? Size, Md5Digest? Md5, string? Version = null, string? Type = null);

/// <summary>A device wants to upload a file and asks for a URL. <see cref="TransferMessage.Result"/> carries what the URL is made of.</summary>
class UploadAsk(DeviceIdentity device, UploadWish wish) : TransferMessage
{
    readonly TransferKey _key = new(device.Id, TransferKind.Upload, wish.Name);
    UploadRules? _rules;

    long Size => wish.Size ?? Transfer.UnknownSize;

    public override void Need(TransferView view)
    {
        view.NeededKeys.Add(_key);
        _rules = view.Rules.For(device.Product, device.Id);
        if (_rules is { NeedUsage: true })
            view.NeededUploads.Add(device.Id);
    }

    protected override Decision Rule(TransferView view, Moment moment)
    {
        var newest = view.Find(_key);
        var isSame = newest is { IsOpen: true } && newest.Size == Size && newest.Md5 == wish.Md5 && newest.Version == wish.Version;
        if (WhyNot(view, moment, newest, isNew: !isSame) is { } refusal)
        {
            view.Refused.Add((device.Id, new(wish.Name, refusal.Code, refusal.Message, moment.Now)));
            return new(Refusal: refusal);
        }
        return isSame ? Again(newest!, moment) : new(Opened: New(moment), Superseded: newest?.Superseded());
    }

    RefusedException? WhyNot(TransferView view, Moment moment, Transfer? newest, bool isNew)
    {
        if (wish.Size < 0 || wish.Size > moment.Settings.MaximumSize)
            return new("size_refused", $"The size must be 0 to {moment.Settings.MaximumSize} bytes.");
        return _rules?.WhyNot(new(wish.Size, wish.Type, isNew), view.Usage(device.Id, moment.Now, except: newest?.Id));
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
            DeviceId = device.Id,
            Kind = TransferKind.Upload,
            Name = wish.Name,
            State = TransferState.Sent,
            Version = wish.Version,
            Type = wish.Type,
            Size = Size,
            Md5 = wish.Md5,
            CreatedAt = moment.Now,
            UpdatedAt = moment.Now,
            UrlExpiresAt = expires,
            DeadlineAt = expires,
            DueAt = expires,
        };
    }
}
