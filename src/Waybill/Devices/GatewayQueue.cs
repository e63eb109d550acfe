using System.Threading.Channels;

namespace Waybill.Devices;

/// <summary>Gateways for which something is to be done, each once: bounded by how many there are. Anybody wakes, several take.</summary>
sealed class GatewayQueue
{
    readonly Lock _gate = new();
    readonly Dictionary<long, bool> _waiting = [];
    readonly Channel<long> _order = Channel.CreateUnbounded<long>();

    /// <param name="gatewayId">Row id.</param>
    /// <param name="again">It has come anew: what it was told before may not have reached it.</param>
    public void Wake(long gatewayId, bool again = false)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(gatewayId, out var before))
                _order.Writer.TryWrite(gatewayId);
            _waiting[gatewayId] = again || before;
        }
    }

    /// <summary>The one that waits longest.</summary>
    public async ValueTask<(long GatewayId, bool Again)> TakeAsync(CancellationToken ct)
    {
        var gateway = await _order.Reader.ReadAsync(ct);
        lock (_gate)
        {
            _waiting.Remove(gateway, out var again);
            return (gateway, again);
        }
    }
}
