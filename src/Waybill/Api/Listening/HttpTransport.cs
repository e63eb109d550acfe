using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Waybill.Api.Listening;

/// <summary>Sockets of the HTTP ports: large blocks of memory, and no change of thread but those that <see cref="HoppingReader"/> makes.</summary>
sealed class HttpTransport(IOptions<SocketTransportOptions> options, ILoggerFactory logging) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    readonly SocketTransportFactory _sockets = new(options, logging);

    public bool CanBind(EndPoint endpoint) => endpoint is not MqttEndPoint && _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken));

    sealed class Listener(IConnectionListener inner) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (await inner.AcceptAsync(cancellationToken) is not { } connection)
                return null;
            connection.Transport = new Pipes(new HoppingReader(connection.Transport.Input), connection.Transport.Output);
            return connection;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);
    }

    sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
