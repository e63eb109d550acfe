using System.Net;
using System.Net.Sockets;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>A server that accepts CONNECT and then says nothing more.</summary>
sealed class SilentServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    Task<Socket>? _accepting;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static SilentServer Start()
    {
        var server = new SilentServer();
        server._listener.Start();
        server._accepting = server.AcceptAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        (await _accepting!).Dispose();
        _listener.Dispose();
    }

    async Task<Socket> AcceptAsync()
    {
        var socket = await _listener.AcceptSocketAsync();
        await socket.SendAsync(new byte[] { 0x20, 2, 0, 0 });
        return socket;
    }
}
