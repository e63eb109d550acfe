using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Waybill.Mqtt.Broker;

/// <summary>The PROXY protocol of load balancers, so that limits and logs see the client's own address.</summary>
public static class ProxyProtocol
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Connections of these networks must begin with a PROXY header, version 1 or 2, and have the address it tells; without one they are
    /// closed. Connections of anybody else are what they are. To stand before TLS, and behind <see cref="MqttListening.UseMqttLimits"/>, whose
    /// deadline is then the header's as well.
    /// </summary>
    public static TBuilder UseProxyProtocol<TBuilder>(this TBuilder builder, IReadOnlyList<IPNetwork> proxies) where TBuilder : IConnectionBuilder
    {
        builder.Use(next => connection => IsProxy(connection.RemoteEndPoint, proxies) ? ServeAsync(connection, next) : next(connection));
        return builder;
    }

    static bool IsProxy(EndPoint? from, IReadOnlyList<IPNetwork> proxies)
    {
        if (from is not IPEndPoint { Address: var address }) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return proxies.Any(network => network.Contains(address));
    }

    static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
            if (connection.Features.Get<Arrival>() is null) deadline.CancelAfter(s_patience);
            if (!await ReadAsync(connection, deadline.Token))
            {
                connection.Abort();
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            connection.Abort();
            return;
        }
        await next(connection);
    }

    static async Task<bool> ReadAsync(ConnectionContext connection, CancellationToken ct)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync(ct);
            var status = ProxyHeader.TryRead(result.Buffer, out var consumed, out var source);
            input.AdvanceTo(result.Buffer.GetPosition(consumed), status == ProxyHeader.Status.NeedMore ? result.Buffer.End : result.Buffer.GetPosition(consumed));
            if (status == ProxyHeader.Status.Bad || (status == ProxyHeader.Status.NeedMore && result.IsCompleted)) return false;
            if (status != ProxyHeader.Status.Ok) continue;
            if (source is not null) connection.RemoteEndPoint = source;
            return true;
        }
    }
}
