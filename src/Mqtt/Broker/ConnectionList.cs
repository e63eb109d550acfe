namespace Waybill.Mqtt.Broker;

/// <summary>Every connection of a broker, in a list threaded through the sessions themselves, so that being in it costs no object.</summary>
sealed class ConnectionList
{
    readonly Lock _change = new();
    MqttSession? _first;
    int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(MqttSession session)
    {
        lock (_change)
        {
            session.Next = _first;
            if (_first is not null) _first.Previous = session;
            _first = session;
            _count++;
        }
    }

    public void Remove(MqttSession session)
    {
        lock (_change)
        {
            if (session.Previous is null) _first = session.Next;
            else session.Previous.Next = session.Next;
            if (session.Next is not null) session.Next.Previous = session.Previous;
            _count--;
        }
    }

    /// <summary>Does something with every connection; it must not wait.</summary>
    public void ForEach<TArgument>(Action<MqttSession, TArgument> action, TArgument argument)
    {
        lock (_change)
            for (var session = _first; session is not null; session = session.Next) action(session, argument);
    }
}
