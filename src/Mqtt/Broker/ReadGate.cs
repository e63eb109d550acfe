using System.Threading.Tasks.Sources;

namespace Waybill.Mqtt.Broker;

/// <summary>Where a read loop waits until the application has let go of a held publish. Made once per session, and only for those that ever wait.</summary>
sealed class ReadGate : IValueTaskSource
{
    // Asynchronous, so that the committing thread does not run a read loop
    ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    public bool IsWaiting { get; private set; }

    public ValueTask WaitAsync()
    {
        _core.Reset();
        IsWaiting = true;
        return new(this, _core.Version);
    }

    public void Open()
    {
        if (!IsWaiting) return;
        IsWaiting = false;
        _core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
