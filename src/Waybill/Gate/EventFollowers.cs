namespace Waybill.Gate;

/// <summary>The clients that subscribed events, those included whose sessions wait for them. While there is none, nobody reads the feed for MQTT.</summary>
sealed class EventFollowers(TimeProvider clock)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, bool> _clients = new(StringComparer.Ordinal);
    TaskCompletionSource<long> _first = NewSignal();

    /// <summary>Whether anybody is left, without those whose sessions have ended while they were away.</summary>
    public bool AnyOf(Func<string, bool> hasSession)
    {
        lock (_gate)
        {
            foreach (var gone in _clients.Keys.Where(c => !hasSession(c)).ToList())
            {
                _clients.Remove(gone);
                Left();
            }
            return _clients.Count > 0;
        }
    }

    /// <summary>When the first of those that are here came, in Unix milliseconds: its SUBACK had not left yet.</summary>
    public Task<long> SomebodyAsync(CancellationToken ct)
    {
        lock (_gate)
            return _first.Task.WaitAsync(ct);
    }

    /// <summary>Whether there is a session that waits for its client when that is away.</summary>
    public bool AnyStays
    {
        get
        {
            lock (_gate)
                return _clients.ContainsValue(true);
        }
    }

    public void Add(string client, bool stays)
    {
        lock (_gate)
        {
            _clients[client] = stays;
            if (_clients.Count == 1)
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
