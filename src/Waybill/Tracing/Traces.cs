using Waybill.Link;
using Waybill.Mqtt.Broker;

namespace Waybill.Tracing;

/// <summary>Who is traced at this node. Few: while there is none, whoever asks looks at one field.</summary>
sealed class Traces(DeviceConnections connections, TimeProvider clock)
{
    public const int MostInAll = 32;
    public const int MostOfOne = 4;

    readonly Lock _change = new();
    volatile TracedDevice[] _devices = [];

    public bool IsAny => _devices.Length > 0;

    public TimeProvider Clock => clock;

    /// <param name="product">Need not be there.</param>
    /// <param name="name">Need not be registered.</param>
    /// <param name="id">Its row; null while it has none.</param>
    /// <param name="byName">See <see cref="TracedDevice.IsKnownByName"/>.</param>
    /// <exception cref="RefusedException"><c>too_many_traces</c>.</exception>
    public Trace Start(string product, string name, long? id, bool byName)
    {
        lock (_change)
        {
            if (_devices.Sum(d => d.Traces.Count) >= MostInAll)
                throw new RefusedException("too_many_traces", $"{MostInAll} traces run already: end one, or try again later.");
            var device = Find(product, name) ?? new TracedDevice(product, name, clock);
            if (device.Traces.Count >= MostOfOne)
                throw new RefusedException("too_many_traces", $"{MostOfOne} traces of this device run already: end one, or try again later.");
            device.Id = id ?? device.Id;
            // who joins must not see more than he may: what only the first may see ends with it
            device.IsKnownByName = byName && (device.Traces.Count == 0 || device.IsKnownByName);
            var trace = new Trace(device, clock);
            device.Add(trace);
            if (device.Traces.Count == 1)
                _devices = [.. _devices, device];
            // behind the entry: whoever arrives meanwhile finds it
            if (id is { } row && connections.Find(row) is { IsOpen: true } connection)
                device.Attach(connection.Session);
            return trace;
        }
    }

    public void Stop(Trace trace)
    {
        lock (_change)
        {
            trace.Device.Remove(trace);
            if (trace.Device.Traces.Count == 0)
                _devices = [.. _devices.Where(d => d != trace.Device)];
        }
    }

    public TracedDevice? Find(string? product, string? name)
    {
        foreach (var device in _devices)
        {
            if (device.Product == product && device.Name == name)
                return device;
        }
        return null;
    }

    public TracedDevice? Find(long id)
    {
        foreach (var device in _devices)
        {
            if (device.Id == id)
                return device;
        }
        return null;
    }

    /// <summary>Those that a refused client says to be, by its names or by its user name alone.</summary>
    public IEnumerable<TracedDevice> Claimed(string? product, string? name, string? user) =>
        _devices.Where(d => (d.Product == product && d.Name == name) || (d.IsKnownByName && user is not null && d.Name == user));

    /// <summary>From now on the session's packets are told, if its device is traced. Null: it is not; false: they were before.</summary>
    public (TracedDevice Device, bool IsNew)? Attach(MqttSession session, DeviceIdentity identity)
    {
        if (!IsAny)
            return null;
        lock (_change)
        {
            if (Find(identity.Product, identity.Name) is not { } device)
                return null;
            device.Id = identity.Id;
            return (device, device.Attach(session));
        }
    }

    public void Detach(MqttSession session, DeviceIdentity identity)
    {
        lock (_change)
            Find(identity.Product, identity.Name)?.Detach(session);
    }
}
