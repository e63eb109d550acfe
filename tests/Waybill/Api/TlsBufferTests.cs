using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Waybill.Api.Listening;
using Xunit;

namespace Waybill.Tests.Api;

public class TlsBufferTests
{
    [Fact]
    public async Task Buffers_are_given_back_and_bytes_go_on_both_ways()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere .NET does not use OpenSSL");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, House.Soon);
        using var far = await listener.AcceptTcpClientAsync(House.Soon);
        await using var server = new SslStream(far.GetStream());
        await using var client = new SslStream(near.GetStream(), false, (_, presented, _, _) => presented!.GetRawCertData().AsSpan().SequenceEqual(certificate.RawData));
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, House.Soon),
            client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, House.Soon));

        Assert.True(TlsBuffers.Release(server));

        var sent = RandomNumberGenerator.GetBytes(200_000);
        var received = new byte[sent.Length];
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(client.WriteAsync(sent, House.Soon).AsTask(), server.ReadExactlyAsync(received, House.Soon).AsTask());
            Assert.Equal(sent, received);
            await Task.WhenAll(server.WriteAsync(sent, House.Soon).AsTask(), client.ReadExactlyAsync(received, House.Soon).AsTask());
            Assert.Equal(sent, received);
        }
    }

    [Fact]
    public async Task Before_a_handshake_there_is_nothing_to_give_back()
    {
        await using var stream = new SslStream(new MemoryStream());
        Assert.False(TlsBuffers.Release(stream));
    }
}
