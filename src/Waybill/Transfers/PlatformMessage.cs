namespace Waybill.Transfers;

/// <summary>A message of the platform itself, whose sender awaits the decision.</summary>
abstract class PlatformMessage : TransferMessage
{
    protected PlatformMessage() => Waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);

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
