namespace Waybill.Transfers;

/// <summary>A message of the platform itself, whose sender awaits the decision.</summary>
abstract class PlatformMessage : TransferMessage
{
    readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the commit; throws the refusal, or the failure that set the message aside.</summary>
    public Task Done => _done.Task;

    public override void Answer()
    {
        if (Refusal is { } refusal)
            _done.TrySetException(refusal);
        else
            _done.TrySetResult();
    }

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}
