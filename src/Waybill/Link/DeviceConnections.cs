using System.Collections.Concurrent;

namespace Waybill.Link;

/// <summary>Which devices are connected to this node, and by which connection: the newest wins.</summary>
sealed class DeviceConnections
{
    readonly ConcurrentDictionary<long, DeviceConnection> _byDevice = [];

    public int Count => _byDevice.Count;

    public DeviceConnection? Find(long deviceId) => _byDevice.GetValueOrDefault(deviceId);

    public IEnumerable<DeviceConnection> All => _byDevice.Values;

    public void Add(DeviceConnection connection) => _byDevice[connection.Device.Id] = connection;

    /// <summary>Leaves a successor of the same device alone.</summary>
    public void Remove(DeviceConnection connection) =>
        _byDevice.TryRemove(KeyValuePair.Create(connection.Device.Id, connection));
}
