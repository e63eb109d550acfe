using System.Net.WebSockets;

namespace Waybill.Mqtt.Client;

sealed class WebSocketWire : IWire
{
    readonly ClientWebSocket _socket;
    readonly CancellationTokenSource _closed = new();

    WebSocketWire(ClientWebSocket socket)
    {
        _socket = socket;
        Stream = new WebSocketBytes(socket, _closed);
    }

    public Stream Stream { get; }

    public static async Task<IWire> OpenAsync(MqttClientOptions options, CancellationToken ct)
    {
        var socket = new ClientWebSocket();
        try
        {
            // [MQTT-6.0.0-3]
            socket.Options.AddSubProtocol(options.Connect.Version == MqttVersion.V31 ? "mqttv3.1" : "mqtt");
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            var address = new UriBuilder(options.Tls is null ? "ws" : "wss", options.Host, options.Port, options.WebSocketPath);
            // All of the TLS settings hold, of which the socket's own options have but two
            using var http = options.Tls is null ? null : new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = options.Tls });
            await socket.ConnectAsync(address.Uri, http, ct);
            return new WebSocketWire(socket);
        }
        catch (WebSocketException e)
        {
            socket.Dispose();
            throw new IOException("The WebSocket could not be opened.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>After DISCONNECT the server closes the WebSocket.</summary>
    public void FinishSending()
    {
    }

    public void Reset() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _closed.Dispose();
    }
}
