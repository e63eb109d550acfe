using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Waybill.Api.Listening;

/// <summary>Sockets of the MQTT ports, as the web server has them by default: small blocks, since packets are small and connections are many.</summary>
sealed class MqttTransport(ILoggerFactory logging) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), logging);

    public bool CanBind(EndPoint endpoint) => endpoint is MqttEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);
}

/// <summary>An address where MQTT is spoken.</summary>
sealed class MqttEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
