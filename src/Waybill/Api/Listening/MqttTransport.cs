using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Waybill.Api.Listening;

/// <summary>Sockets of the MQTT ports, as the web server has them by default: small blocks, since packets are small and connections are many.</summary>
sealed class MqttTransport(ILoggerFactory logging) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>As many as the system takes: whom a full queue turns away comes again a second later, and then all at once once more.</summary>
    const int Backlog = ushort.MaxValue;

    readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions { Backlog = Backlog }), logging);

    public bool CanBind(EndPoint endpoint) => endpoint is MqttEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);
}

/// <summary>An address where MQTT is spoken.</summary>
sealed class MqttEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
