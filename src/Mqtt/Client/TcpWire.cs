using System.Net.Security;
using System.Net.Sockets;

namespace Waybill.Mqtt.Client;

sealed class TcpWire : IWire
{
    readonly Socket _socket;

    TcpWire(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    public Stream Stream { get; }

    public static async Task<IWire> OpenAsync(MqttClientOptions options, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, ct);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null) stream = await SecureAsync(stream, options, ct);
            return new TcpWire(socket, stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closing with unread bytes would be a reset, which can overtake the DISCONNECT.</summary>
    public void FinishSending() => IgnoreGone(() => _socket.Shutdown(SocketShutdown.Send));

    public void Reset()
    {
        IgnoreGone(() => _socket.LingerState = new(true, 0));
        _socket.Dispose();
    }

    public void Dispose() => Stream.Dispose();

    static async Task<Stream> SecureAsync(Stream stream, MqttClientOptions options, CancellationToken ct)
    {
        var secure = new SslStream(stream);
        var tls = options.Tls!;
        if (string.IsNullOrEmpty(tls.TargetHost)) tls.TargetHost = options.Host;
        await secure.AuthenticateAsClientAsync(tls, ct);
        return secure;
    }

    static void IgnoreGone(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A socket that is already gone is what was wanted
        }
    }
}
