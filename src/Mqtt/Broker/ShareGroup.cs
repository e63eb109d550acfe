namespace Waybill.Mqtt.Broker;

/// <summary>The sessions that share one subscription (4.8.2): each message goes to one of them, in turn. Changed under the index's lock.</summary>
sealed class ShareGroup(byte[] name)
{
    volatile Subscriber[] _members = [];
    int _turn;

    public ReadOnlySpan<byte> Name => name;

    public bool IsEmpty => _members.Length == 0;

    public void Set(Subscriber subscriber) => _members = [.. _members.Where(m => m.Session != subscriber.Session), subscriber];

    public void Replace(MqttSession old, MqttSession now) =>
        _members = [.. _members.Select(m => m.Session == old ? m with { Session = now } : m)];

    public void Remove(MqttSession session) => _members = [.. _members.Where(m => m.Session != session)];

    /// <summary>
    /// Tries the members in their order from the next one on: first those that are connected, then those that are away
    /// [MQTT-4.8.2-4, MQTT-4.8.2-6].
    /// </summary>
    public bool Offer<TArgument>(TArgument message, Func<Subscriber, TArgument, bool> send) where TArgument : allows ref struct
    {
        var members = _members;
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var connected = 1; connected >= 0; connected--)
        {
            for (var at = 0u; at < members.Length; at++)
            {
                var member = members[(turn + at) % members.Length];
                if (member.Session!.IsOpen == (connected == 1) && send(member, message)) return true;
            }
        }
        return false;
    }
}
