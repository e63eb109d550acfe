using Waybill.Events;
using Waybill.Line;

namespace Waybill.Devices;

/// <summary>Something a gateway does for us over minutes or hours. Of each kind it has at most one that is open.</summary>
interface IGatewayJob<TSelf>
    where TSelf : class, IGatewayJob<TSelf>
{
    long Id { get; }

    /// <summary>Row id of the gateway.</summary>
    long GatewayId { get; }

    bool IsOpen { get; }

    /// <summary>Something is to be done for it now, once the gateway listens: told, or looked for in storage.</summary>
    bool HasWork { get; }

    /// <summary>The same, changed at that time.</summary>
    TSelf At(long updatedAt);

    /// <summary>As what its temporary credentials are revoked when it is over, unique for the gateway; null: it was given none.</summary>
    string? CredentialJob { get; }

    /// <summary>How it stands, as it is told.</summary>
    EventRow ToEvent();
}

/// <summary>What a batch's messages name, loaded once, and what they change: later messages see the changes of earlier ones.</summary>
sealed class JobView<TJob>
    where TJob : class, IGatewayJob<TJob>
{
    readonly Dictionary<long, TJob> _byId = [];
    readonly Dictionary<long, TJob?> _changed = [];

    public HashSet<long> NeededIds { get; } = [];

    /// <summary>Gateways whose open job is needed.</summary>
    public HashSet<long> NeededGateways { get; } = [];

    public void Loaded(TJob job) => _byId.TryAdd(job.Id, job);

    public TJob? Find(long id) => _byId.GetValueOrDefault(id);

    /// <summary>There is at most one.</summary>
    public TJob? OpenOf(long gatewayId) => _byId.Values.FirstOrDefault(j => j.GatewayId == gatewayId && j.IsOpen);

    public void Put(TJob job)
    {
        _changed.TryAdd(job.Id, _byId.GetValueOrDefault(job.Id));
        _byId[job.Id] = job;
    }

    /// <summary>Rows as they were loaded (null: they are new) and as they are to be saved.</summary>
    public IReadOnlyList<(TJob? Before, TJob After)> Changed => [.. _changed.Select(c => (c.Value, _byId[c.Key]))];
}

/// <summary>What deciding needs from outside, fixed for the batch.</summary>
sealed record JobMoment<TSettings>(long Now, TSettings Settings)
{
    public long After(TimeSpan time) => Now + (long)time.TotalMilliseconds;
}

/// <summary>Something that happened to a job or is wanted of one.</summary>
abstract class JobMessage<TJob, TSettings> : LineMessage
    where TJob : class, IGatewayJob<TJob>
{
    /// <summary>The job this was about, as it is after the decision; null when there is none.</summary>
    public TJob? Result { get; private set; }

    /// <summary>The "no", when the answer is one.</summary>
    public RefusedException? Refusal { get; private set; }

    /// <summary>Says which rows the decision reads.</summary>
    public abstract void Need(JobView<TJob> view);

    /// <summary>Decides. Run again from the loaded rows when the batch is halved.</summary>
    public void Decide(JobView<TJob> view, JobMoment<TSettings> moment)
    {
        var decision = Rule(view, moment);
        if (decision.Changed is { } changed)
            view.Put(changed.At(moment.Now));
        Result = decision.Changed is null ? decision.Unchanged : view.Find(decision.Changed.Id);
        Refusal = decision.Refusal;
    }

    protected abstract JobDecision<TJob> Rule(JobView<TJob> view, JobMoment<TSettings> moment);
}

/// <summary>A message of the platform itself, whose sender awaits the decision.</summary>
abstract class JobWish<TJob, TSettings> : JobMessage<TJob, TSettings>
    where TJob : class, IGatewayJob<TJob>
{
    protected JobWish() => Waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
readonly record struct JobDecision<TJob>(TJob? Unchanged = null, TJob? Changed = null, RefusedException? Refusal = null)
    where TJob : class
{
    public static JobDecision<TJob> Nothing => default;

    public static JobDecision<TJob> Refused(string code, string text) => new(Refusal: new RefusedException(code, text));
}
