using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Waybill.Api.Listening;

/// <summary>Sockets of the MQTT ports: small blocks of memory, since packets are small and connections are many.</summary>
sealed class MqttTransport(IEnumerable<IConfigureOptions<SocketTransportOptions>> setups, ILoggerFactory logging)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    /// <summary>As many as the system takes: whom a full queue turns away comes again a second later, and then all at once once more.</summary>
    const int Backlog = ushort.MaxValue;

    const int BlockSize = 4 << 10;

    /// <summary>4 MiB.</summary>
    const int IdleBlocks = 1024;

    readonly SocketTransportFactory _sockets = new(Options.Create(Sockets(setups)), logging);

    public bool CanBind(EndPoint endpoint) => endpoint is MqttEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);

    /// <summary>The web server's own setup gives the options their pool; here it gives them another.</summary>
    static SocketTransportOptions Sockets(IEnumerable<IConfigureOptions<SocketTransportOptions>> setups)
    {
        var sockets = new SocketTransportOptions { Backlog = Backlog };
        var pool = new BlockPool(BlockSize, IdleBlocks);
        foreach (var setup in setups.OfType<ConfigureNamedOptions<SocketTransportOptions, IMemoryPoolFactory<byte>>>())
            setup.Action?.Invoke(sockets, pool);
        return sockets;
    }
}

/// <summary>An address where MQTT is spoken.</summary>
sealed class MqttEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
