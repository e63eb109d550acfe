using Waybill.Line;

namespace Waybill.Transfers;

/// <summary>Something that happened to a transfer or is wanted of one.</summary>
abstract class TransferMessage : LineMessage
{
    /// <summary>The transfer this was about, as it is after the decision; null when there is none.</summary>
    public Transfer? Result { get; private set; }

    /// <summary>The "no", when the answer is one.</summary>
    public RefusedException? Refusal { get; private set; }

    /// <summary>Says which rows the decision reads.</summary>
    public abstract void Need(TransferView view);

    /// <summary>Decides. Run again from the loaded rows when the batch is halved.</summary>
    public void Decide(TransferView view, Moment moment)
    {
        var decision = Rule(view, moment);
        if (decision.Superseded is { } old)
            view.Change(old with { UpdatedAt = moment.Now });
        if (decision.Opened is { } opened)
            view.Open(opened);
        if (decision.Changed is { } changed)
        {
            view.Change(changed with { UpdatedAt = moment.Now });
            Held(view, changed, moment);
        }
        Result = decision.Opened ?? decision.Changed ?? decision.Unchanged;
        Refusal = decision.Refusal;
    }

    // a download that is ok is on the device, what was removed is not; where the dialect has no kinds, nobody keeps record
    static void Held(TransferView view, Transfer changed, Moment moment)
    {
        if (changed is not { State: TransferState.Ok, Version: { } version, Type: { } type })
            return;
        if (changed.Kind == TransferKind.Upload)
            return;
        var (now, change) = (moment.Now, moment.FreshId());
        if (changed.Kind == TransferKind.Download)
            view.Hold(changed.DeviceId, held => held.With(new(changed.Name, version, type), now, change));
        else
            view.Hold(changed.DeviceId, held => held.Without(changed.Name, now, change));
    }

    protected abstract Decision Rule(TransferView view, Moment moment);
}

/// <summary>Exactly one of opened, changed, unchanged and refusal, or none of them when there is nothing to do.</summary>
readonly record struct Decision(
    Transfer? Unchanged = null, Transfer? Changed = null, Transfer? Opened = null, Transfer? Superseded = null, RefusedException? Refusal = null)
{
    public static Decision Nothing => default;

    public static Decision Refused(string code, string text) => new(Refusal: new RefusedException(code, text));
}
