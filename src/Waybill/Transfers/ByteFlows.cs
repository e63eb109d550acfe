using System.Collections.Concurrent;
using Waybill.Link;

namespace Waybill.Transfers;

/// <summary>Which transfers have an HTTP request under way. Their devices may be too busy to ping.</summary>
sealed class ByteFlows(DeviceConnections connections)
{
    readonly ConcurrentDictionary<Flow, byte> _flows = [];

    public Flow Begin(Transfer transfer)
    {
        var flow = new Flow(this, transfer.Id, transfer.DeviceId);
        _flows.TryAdd(flow, 0);
        return flow;
    }

    public bool IsFlowing(long transferId) => _flows.Keys.Any(f => f.TransferId == transferId);

    /// <summary>The MQTT keep-alive clock of these devices starts anew.</summary>
    public void KeepAlive()
    {
        foreach (var flow in _flows.Keys)
            connections.Find(flow.DeviceId)?.Session.Touch();
    }

    internal sealed class Flow(ByteFlows flows, long transferId, long deviceId) : IDisposable
    {
        public long TransferId => transferId;

        public long DeviceId => deviceId;

        public void Dispose() => flows._flows.TryRemove(this, out _);
    }
}
