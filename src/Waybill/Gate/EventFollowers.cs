namespace Waybill.Gate;

/// <summary>The clients that subscribed events, those included whose sessions wait for them. While there is none, nobody reads the feed for MQTT.</summary>
sealed class EventFollowers(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly HashSet<string> _clients = new(StringComparer.Ordinal);
    TaskCompletionSource<long> _first = NewSignal();

    /// <summary>Whether anybody is left, without those whose sessions have ended while they were away.</summary>
    public bool AnyOf(Func<string, bool> hasSession)
    {
        lock (_gate)
        {
            if (_clients.RemoveWhere(c => !hasSession(c)) > 0)
                Left();
            return _clients.Count > 0;
        }
    }

    /// <summary>When the first of those that are here came, in Unix milliseconds: its SUBACK had not left yet.</summary>
    public Task<long> SomebodyAsync(CancellationToken ct)
    {
        lock (_gate)
            return _first.Task.WaitAsync(ct);
    }

    public void Add(string client)
    {
        lock (_gate)
        {
            if (_clients.Add(client) && _clients.Count == 1)
                _first.TrySetResult(clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    public void Remove(string client)
    {
        lock (_gate)
        {
            if (_clients.Remove(client))
                Left();
        }
    }

    void Left()
    {
        if (_clients.Count == 0)
            _first = NewSignal();
    }

    static TaskCompletionSource<long> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
