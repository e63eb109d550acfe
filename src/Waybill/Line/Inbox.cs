namespace Waybill.Line;

/// <summary>
/// What waits to be decided, bounded in messages and bytes. A batch is what arrived while the last one committed.
/// Any thread posts; the line alone takes.
/// </summary>
sealed class Inbox
{
    const int LargestBatch = 1024;
    const int MostMessages = 8192;
    const long MostBytes = 32 << 20;

    readonly Lock _gate = new();
    readonly Queue<LineMessage> _waiting = new();
    TaskCompletionSource _arrived = NewSignal();
    TaskCompletionSource? _room;
    long _bytes;
    bool _held;

    /// <summary>The database does not take what was taken out of here: all that is posted waits behind it.</summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _held);
        set => Volatile.Write(ref _held, value);
    }

    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>False when full: the caller stops reading and awaits <see cref="RoomAsync"/>.</summary>
    public bool TryPost(LineMessage message)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MostMessages || _bytes >= MostBytes)
                return false;
            Enqueue(message);
            return true;
        }
    }

    public async ValueTask PostAsync(LineMessage message, CancellationToken ct)
    {
        while (!TryPost(message))
            await RoomAsync(ct);
    }

    /// <summary>For what the line itself causes (at most one for each message it took): never refused.</summary>
    public void PostFollowing(LineMessage message)
    {
        lock (_gate)
            Enqueue(message);
    }

    public Task RoomAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            if (_waiting.Count < MostMessages && _bytes < MostBytes)
                return Task.CompletedTask;
            return (_room ??= NewSignal()).Task.WaitAsync(ct);
        }
    }

    /// <summary>Waits for the first message and takes all that are there, up to a batch.</summary>
    public async ValueTask TakeAsync(List<LineMessage> batch, CancellationToken ct)
    {
        batch.Clear();
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                while (batch.Count < LargestBatch && _waiting.TryDequeue(out var message))
                {
                    _bytes -= message.Weight;
                    batch.Add(message);
                }
                if (batch.Count > 0)
                {
                    _room?.TrySetResult();
                    _room = null;
                    return;
                }
                if (_arrived.Task.IsCompleted)
                    _arrived = NewSignal();
                arrived = _arrived.Task;
            }
            await arrived.WaitAsync(ct);
        }
    }

    void Enqueue(LineMessage message)
    {
        _waiting.Enqueue(message);
        _bytes += message.Weight;
        if (_waiting.Count == 1)
            _arrived.TrySetResult();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
