using Waybill.Mqtt.Broker;

namespace Waybill.Tracing;

/// <summary>A device, registered or not, that somebody traces. Its sessions know it as their trace.</summary>
sealed class TracedDevice
{
    readonly TimeProvider _clock;
    readonly HashSet<MqttSession> _sessions = [];
    volatile Trace[] _traces = [];

    public TracedDevice(string product, string name, TimeProvider clock)
    {
        (Product, Name, _clock) = (product, name, clock);
        Watch = Heard;
    }

    public string Product { get; }

    public string Name { get; }

    /// <summary>Its row; 0 while none is known.</summary>
    public long Id { get; set; }

    /// <summary>
    /// Whether a refused CONNECT that names it by its user name alone, as docks do, is its own, too. Nobody knows of which product such a
    /// client is: it is shown to who may see all of them, or when there is such a dock.
    /// </summary>
    public bool IsKnownByName { get; set; }

    /// <summary>For its sessions. It is told packets while they are locked.</summary>
    public MqttTrace Watch { get; }

    public IReadOnlyList<Trace> Traces => _traces;

    public void Say(TraceLine line)
    {
        foreach (var trace in _traces)
            trace.Say(line);
    }

    public TraceLine Line(TraceSide side, string what) => new(_clock.GetUtcNow().UtcDateTime, side, what);

    /// <summary>False: it was before. Under the lock of <see cref="Tracing.Traces"/>, as all that follows.</summary>
    public bool Attach(MqttSession session)
    {
        session.Trace = Watch;
        return _sessions.Add(session);
    }

    public void Detach(MqttSession session) => _sessions.Remove(session);

    public void Add(Trace trace) => _traces = [.. _traces, trace];

    /// <summary>When the last has left, nobody tells its sessions' packets any more.</summary>
    public void Remove(Trace trace)
    {
        _traces = [.. _traces.Where(t => t != trace)];
        if (_traces.Length > 0)
            return;
        foreach (var session in _sessions)
            session.Trace = null;
        _sessions.Clear();
    }

    void Heard(MqttSession session, in MqttTraced packet)
    {
        if (_traces.Length > 0)
            Say(PacketLines.Of(packet, _clock.GetUtcNow().UtcDateTime));
    }
}
