using Microsoft.Extensions.Logging;

namespace Waybill.Mqtt.Broker.Store;

/// <summary>
/// Gathers changes and commits all that came while the last commit ran. Sessions whose output must wait for a commit are flushed after it.
/// Its lock is taken after a session's and never before.
/// </summary>
sealed partial class SessionJournal(IMqttSessionStore store, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>Changes that may wait; with more nothing is read from any connection.</summary>
    const int Maximum = 20_000;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Lock _change = new();
    readonly CancellationTokenSource _stopping = new();
    List<MqttStoreChange> _gathering = [];
    List<MqttStoreChange> _committing = [];
    List<MqttSession> _held = [];
    List<MqttSession> _flushing = [];
    TaskCompletionSource _committedSome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Task _writing = Task.CompletedTask;
    long _last;
    long _committed;

    /// <summary>Number of the last change.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Number of the last change that is safe.</summary>
    public long Committed => Volatile.Read(ref _committed);

    public bool IsFull => Last - Committed >= Maximum;

    public void Append(MqttStoreChange change)
    {
        lock (_change)
        {
            if (_stopping.IsCancellationRequested) return;
            _gathering.Add(change);
            _last++;
            // The first change of a batch starts the commit, what comes while it runs is the next batch
            if (_writing.IsCompleted) _writing = WriteAsync(_stopping.Token);
        }
    }

    /// <summary>Promises to flush a session after the next commit; false when the change it waits for is safe already.</summary>
    public bool FlushLater(MqttSession session, long change)
    {
        lock (_change)
        {
            if (_committed >= change) return false;
            _held.Add(session);
            return true;
        }
    }

    /// <summary>Completes when the change is safe.</summary>
    public async Task WaitAsync(long change, CancellationToken ct)
    {
        while (Committed < change)
        {
            Task next;
            lock (_change)
            {
                if (_committed >= change) return;
                next = _committedSome.Task;
            }
            await next.WaitAsync(ct);
        }
    }

    /// <summary>Completes when there is room for more.</summary>
    public Task RoomAsync() => WaitAsync(Last - Maximum / 2, CancellationToken.None);

    /// <summary>Gives up on what the store does not take; who waits is canceled.</summary>
    public void Dispose()
    {
        if (_stopping.IsCancellationRequested) return;
        _stopping.Cancel();
        lock (_change) _committedSome.TrySetCanceled();
        _stopping.Dispose();
    }

    async Task WriteAsync(CancellationToken ct)
    {
        // Off the caller's locks
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            lock (_change)
            {
                if (_gathering.Count == 0)
                {
                    _writing = Task.CompletedTask;
                    return;
                }
                (_gathering, _committing) = (_committing, _gathering);
            }
            if (!await CommitAsync(ct)) return;
            lock (_change)
            {
                _committed += _committing.Count;
                _committing.Clear();
                (_held, _flushing) = (_flushing, _held);
                _committedSome.TrySetResult();
                _committedSome = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            foreach (var session in _flushing) session.FlushHeld();
            _flushing.Clear();
        }
    }

    async ValueTask<bool> CommitAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await store.CommitAsync(_committing, ct);
                return true;
            }
#pragma warning disable CA1031 // Whatever the store fails with, the changes stay and are tried again
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (ct.IsCancellationRequested) return false;
                LogFailed(logger, _committing.Count, e);
            }
            try
            {
                await Task.Delay(Pause, clock, ct);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The session store did not take {Count} changes; they are tried again")]
    static partial void LogFailed(ILogger logger, int count, Exception e);
}
