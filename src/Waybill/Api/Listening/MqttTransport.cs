using System.Net;
using System.Net.Sockets;
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

    /// <summary>Seconds without a byte until the system asks the other side. Who has a keep-alive of MQTT speaks before that; who has none would stay for ever when it is gone.</summary>
    const int SilenceSeconds = 600;

    readonly SocketTransportFactory _sockets = new(Options.Create(Sockets(setups)), logging);

    public bool CanBind(EndPoint endpoint) => endpoint is MqttEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);

    /// <summary>The web server's own setup gives the options their pool; here it gives them another.</summary>
    static SocketTransportOptions Sockets(IEnumerable<IConfigureOptions<SocketTransportOptions>> setups)
    {
        var sockets = new SocketTransportOptions { Backlog = Backlog, CreateBoundListenSocket = Listen };
        var pool = new BlockPool(BlockSize, IdleBlocks);
        foreach (var setup in setups.OfType<ConfigureNamedOptions<SocketTransportOptions, IMemoryPoolFactory<byte>>>())
            setup.Action?.Invoke(sockets, pool);
        return sockets;
    }

    /// <summary>What is set on it holds for the connections it accepts.</summary>
    static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SilenceSeconds);
        return socket;
    }
}

/// <summary>An address where MQTT is spoken.</summary>
sealed class MqttEndPoint(IPAddress address, int port) : IPEndPoint(address, port);
