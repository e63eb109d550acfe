using Waybill.Line;

namespace Waybill.Logs;

/// <summary>Something that happened to a log request or is wanted of one.</summary>
abstract class LogMessage : LineMessage
{
    /// <summary>The request this was about, as it is after the decision; null when there is none.</summary>
    public LogRequest? Result { get; private set; }

    /// <summary>The "no", when the answer is one.</summary>
    public RefusedException? Refusal { get; private set; }

    /// <summary>What the dock is told now, with <see cref="Result"/> as its content.</summary>
    public LogCommand Told { get; private set; }

    /// <summary>Says which rows the decision reads.</summary>
    public abstract void Need(LogView view);

    /// <summary>Decides. Run again from the loaded rows when the batch is halved.</summary>
    public void Decide(LogView view, LogMoment moment)
    {
        var decision = Rule(view, moment);
        if (decision.Changed is { } changed)
            view.Put(changed with { UpdatedAt = moment.Now });
        Result = decision.Changed is null ? decision.Unchanged : view.Find(decision.Changed.Id);
        (Refusal, Told) = (decision.Refusal, decision.Told);
    }

    protected abstract LogDecision Rule(LogView view, LogMoment moment);
}

/// <summary>A message of the platform itself, whose sender awaits the decision.</summary>
abstract class LogWish : LogMessage
{
    protected LogWish() => Waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
readonly record struct LogDecision(LogRequest? Unchanged = null, LogRequest? Changed = null, RefusedException? Refusal = null, LogCommand Told = LogCommand.None)
{
    public static LogDecision Nothing => default;

    public static LogDecision Refused(string code, string text) => new(Refusal: new RefusedException(code, text));
}
