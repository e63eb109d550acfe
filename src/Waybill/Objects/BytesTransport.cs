using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Waybill.Objects;

/// <summary>Sockets for the HTTP ports only; MQTT keeps the server's own. Here a connection's work stays on the thread that received it
/// instead of hopping three times per request, which is a fifth of what a 50 KiB range costs. Safe, because socket events come on
/// thread pool threads, and because handlers of these ports await whatever takes long.</summary>
sealed class BytesTransport(Func<IPEndPoint, bool> isHttp, ILoggerFactory logging) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    readonly SocketTransportFactory sockets = new(
        Options.Create(new SocketTransportOptions { UnsafePreferInlineScheduling = true, IOQueueCount = 1 }), logging);

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint ip && isHttp(ip) && sockets.CanBind(endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        sockets.BindAsync(endpoint, cancellationToken);
}
