namespace Waybill.Gate;

/// <summary>
/// The last refusals of each device that clients said to be, registered or not, and of each client that said to be none, since the server
/// started. When there are too many, who was refused longest ago is forgotten, registered devices last: names that somebody invents push
/// none of them out.
/// </summary>
sealed class MqttRefusals(TimeProvider clock)
{
    public const int MostClaimants = 10_000;
    public const int MostOfOne = 20;

    readonly Lock _change = new();
    readonly Dictionary<string, LinkedListNode<Claimant>> _claimants = new(StringComparer.Ordinal);

    // of both, who was refused longest ago is first
    readonly LinkedList<Claimant> _registered = [];
    readonly LinkedList<Claimant> _others = [];

    long _number;

    public void Note(MqttRefusal refusal)
    {
        lock (_change)
        {
            var noted = refusal with { Number = ++_number, At = clock.GetUtcNow().ToUnixTimeMilliseconds() };
            if (_claimants.TryGetValue(noted.Claimant, out var node))
                node.List!.Remove(node);
            else
                _claimants.Add(noted.Claimant, node = new(new(noted.Claimant, new())));
            node.Value.Last.Enqueue(noted);
            if (node.Value.Last.Count > MostOfOne)
                node.Value.Last.Dequeue();
            (noted.Claim.IsRegistered ? _registered : _others).AddLast(node);
            if (_claimants.Count > MostClaimants)
                Forget(_others.First ?? _registered.First!);
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<MqttRefusal> List(Func<MqttRefusal, bool> which, long before, int limit)
    {
        List<MqttRefusal> all;
        // who comes in does not wait while it is looked through
        lock (_change)
            all = [.. _registered.Concat(_others).SelectMany(c => c.Last)];
        return [.. all.Where(r => r.Number < before && which(r)).OrderByDescending(r => r.Number).Take(limit)];
    }

    void Forget(LinkedListNode<Claimant> node)
    {
        _claimants.Remove(node.Value.Key);
        node.List!.Remove(node);
    }

    sealed record Claimant(string Key, Queue<MqttRefusal> Last);
}
