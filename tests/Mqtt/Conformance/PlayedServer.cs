using System.Net;
using System.Net.Sockets;
using Waybill.Mqtt.Codec;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Conformance;

/// <summary>A listening socket; the test says what the server says.</summary>
sealed class PlayedServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static PlayedServer Start()
    {
        var server = new PlayedServer();
        server._listener.Start();
        return server;
    }

    /// <summary>The next connection, its CONNECT read.</summary>
    public async Task<RawClient> AcceptAsync(MqttVersion version = MqttVersion.V50)
    {
        var connection = RawClient.Over(await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken));
        connection.Speak(version);
        Assert.Equal(MqttPacketType.Connect, (await connection.ReadAsync()).Type);
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return default;
    }
}
