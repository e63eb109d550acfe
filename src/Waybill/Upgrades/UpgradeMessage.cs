using Waybill.Line;

namespace Waybill.Upgrades;

/// <summary>What a batch's messages name, and what they change: later messages see the changes of earlier ones.</summary>
sealed class UpgradeView
{
    readonly Dictionary<long, Upgrade> _byId = [];
    readonly Dictionary<long, Upgrade?> _changed = [];

    public HashSet<long> NeededIds { get; } = [];

    /// <summary>Gateways whose open upgrade is needed.</summary>
    public HashSet<long> NeededGateways { get; } = [];

    public void Loaded(Upgrade upgrade) => _byId.TryAdd(upgrade.Id, upgrade);

    public Upgrade? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>There is at most one.</summary>
    public Upgrade? OpenOf(long gatewayId) => _byId.Values.FirstOrDefault(u => u.GatewayId == gatewayId && u.IsOpen);

    public void Put(Upgrade upgrade)
    {
        _changed.TryAdd(upgrade.Id, _byId.GetValueOrDefault(upgrade.Id));
        _byId[upgrade.Id] = upgrade;
    }

    /// <summary>Rows as they were loaded (null: they are new) and as they are to be saved.</summary>
    public IReadOnlyList<(Upgrade? Before, Upgrade After)> Changed => [.. _changed.Select(c => (c.Value, _byId[c.Key]))];
}

/// <summary>Something that happened to an upgrade or is wanted of one.</summary>
abstract class UpgradeMessage : LineMessage
{
    /// <summary>The upgrade this was about, as it is after the decision; null when there is none.</summary>
    public Upgrade? Result { get; private set; }

    /// <summary>The "no", when the answer is one.</summary>
    public RefusedException? Refusal { get; private set; }

    /// <summary>Says which rows the decision reads.</summary>
    public abstract void Need(UpgradeView view);

    /// <summary>Decides. Run again from the loaded rows when the batch is halved.</summary>
    public void Decide(UpgradeView view, UpgradeMoment moment)
    {
        var decision = Rule(view, moment);
        if (decision.Changed is { } changed)
            view.Put(changed with { UpdatedAt = moment.Now });
        Result = decision.Changed is null ? decision.Unchanged : view.Find(decision.Changed.Id);
        Refusal = decision.Refusal;
    }

    protected abstract UpgradeDecision Rule(UpgradeView view, UpgradeMoment moment);
}

/// <summary>A message of the platform itself, whose sender awaits the decision.</summary>
abstract class UpgradeWish : UpgradeMessage
{
    protected UpgradeWish() => Waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the commit; throws the refusal, or the failure that set the message aside.</summary>
    public Task Done => Waiter!.Task;

    public override void Answer()
    {
        if (Refusal is { } refusal)
            Waiter!.TrySetException(refusal);
        else
            base.Answer();
    }
}

/// <summary>Exactly one of changed, unchanged and refusal, or none of them when there is nothing to do.</summary>
readonly record struct UpgradeDecision(Upgrade? Unchanged = null, Upgrade? Changed = null, RefusedException? Refusal = null)
{
    public static UpgradeDecision Nothing => default;

    public static UpgradeDecision Refused(string code, string text) => new(Refusal: new RefusedException(code, text));
}
