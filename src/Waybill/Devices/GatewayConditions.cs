using System.Collections.Concurrent;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>How gateways stand, as they last said: in memory alone, since they say it every other second.</summary>
sealed class GatewayConditions(DeviceConnections connections)
{
    readonly ConcurrentDictionary<long, GatewayCondition> _byGateway = [];

    public GatewayCondition Of(long gatewayId) =>
        _byGateway.GetValueOrDefault(gatewayId, GatewayCondition.Unknown) with { IsListening = connections.Find(gatewayId) is { Listening.Count: > 0 } };

    /// <summary>It said a part of how it stands.</summary>
    public void Note(long gatewayId, Func<GatewayCondition, GatewayCondition> said) =>
        _byGateway.AddOrUpdate(gatewayId, _ => said(GatewayCondition.Unknown), (_, before) => said(before));

    public void Forget(long gatewayId) => _byGateway.TryRemove(gatewayId, out _);
}
