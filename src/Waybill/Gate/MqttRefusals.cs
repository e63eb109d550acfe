namespace Waybill.Gate;

/// <summary>The last refusals of each client id, registered or not, since the server started. Whoever was refused longest ago is forgotten.</summary>
sealed class MqttRefusals(TimeProvider clock)
{
    public const int MostClients = 10_000;
    public const int MostOfOne = 20;

    readonly Lock _change = new();
    readonly Dictionary<string, LinkedListNode<Queue<MqttRefusal>>> _clients = new(StringComparer.Ordinal);

    /// <summary>Who was refused longest ago is first.</summary>
    readonly LinkedList<Queue<MqttRefusal>> _order = [];

    long _number;

    public void Note(MqttRefusal refusal)
    {
        lock (_change)
        {
            var noted = refusal with { Number = ++_number, At = clock.GetUtcNow().ToUnixTimeMilliseconds() };
            if (_clients.Remove(noted.Client, out var node))
                _order.Remove(node);
            else
                node = new(new());
            node.Value.Enqueue(noted);
            if (node.Value.Count > MostOfOne)
                node.Value.Dequeue();
            _clients[noted.Client] = node;
            _order.AddLast(node);
            if (_clients.Count <= MostClients)
                return;
            _clients.Remove(_order.First!.Value.Peek().Client);
            _order.RemoveFirst();
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<MqttRefusal> List(Func<MqttRefusal, bool> which, long before, int limit)
    {
        List<MqttRefusal> all;
        // who comes in does not wait while it is looked through
        lock (_change)
            all = [.. _order.SelectMany(q => q)];
        return [.. all.Where(r => r.Number < before && which(r)).OrderByDescending(r => r.Number).Take(limit)];
    }
}
