using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Waybill.Mqtt.Broker;

/// <summary>Connections that are on their way to the broker.</summary>
public sealed partial class MqttBroker
{
    /// <summary>Those that have come are in it until their time is over, and cost nothing more.</summary>
    readonly ConcurrentQueue<Arrival> _arriving = new();

    /// <summary>Gives the connection a place and its time, whatever comes before the broker.</summary>
    internal async Task ArriveAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (!_limits.TryTake())
        {
            LogTooMany(Logger, connection.RemoteEndPoint);
            connection.Abort();
            return;
        }
        var arrival = new Arrival(connection, Now);
        connection.Features.Set(arrival);
        _arriving.Enqueue(arrival);
        try
        {
            await next(connection);
        }
        finally
        {
            if (arrival.Come()) _limits.GiveBack();
        }
    }

    void CutLateArrivals(long now)
    {
        while (_arriving.TryPeek(out var oldest) && (_stopping || now - oldest.At > Options.ConnectTimeout.TotalMilliseconds) && _arriving.TryDequeue(out oldest))
            oldest.Cut();
    }
}
