using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;

namespace Waybill.Tests.S3;

/// <summary>Names below <c>localhost</c> lead to this machine, which not every resolver knows, and its certificate is believed.</summary>
sealed class LoopbackNames : HttpClientFactory
{
    /// <summary>Buckets are named by the host.</summary>
    public static void Use(AmazonS3Config config, int port)
    {
        (config.ServiceURL, config.ForcePathStyle, config.HttpClientFactory) = ($"http://localhost:{port}", false, new LoopbackNames());
        config.AuthenticationRegion = "us-east-1";
    }

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => Client();

    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
