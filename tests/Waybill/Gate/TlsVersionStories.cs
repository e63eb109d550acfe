using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class TlsVersionStories
{
    /// <summary>An OpenSSL that takes what it can at all.</summary>
    const string Lax = """
        openssl_conf = all
        [all]
        ssl_conf = ssl
        [ssl]
        system_default = lax
        [lax]
        MinProtocol = TLSv1
        CipherString = ALL:@SECLEVEL=0
        """;

    const byte Alert = 0x15;
    const byte Handshake = 0x16;

    [Theory, InlineData(SslProtocols.Tls12), InlineData(SslProtocols.Tls13)]
    public async Task Mqtt_takes_tls_1_2_and_1_3(SslProtocols version)
    {
        using var pems = new PemFiles();
        pems.Write("mqtt");
        await using var house = await House.StartAsync(("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, house.Server.MqttTlsPort, House.Soon);
        // the test looks at what is served, it does not trust it
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = version }, House.Soon);
        Assert.Equal(version, tls.SslProtocol);
    }

    [Fact]
    public async Task Mqtt_takes_no_older_tls_where_the_system_would()
    {
        using var pems = new PemFiles();
        pems.Write("mqtt");
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        var lax = Path.Join(directory, "openssl.cnf");
        await File.WriteAllTextAsync(lax, Lax, House.Soon);
        bool systemTakesIt;
        await using (var server = ServerProcess.Start(
            directory,
            [("OPENSSL_CONF", lax)],
            ["serve", "--Waybill:Listeners:tls:Roles=api,devices", "--Waybill:Listeners:tls:Port=0", "--Waybill:Listeners:tls:Tls=true",
             $"--Waybill:Tls:Certificate={pems.Certificate}", $"--Waybill:Tls:Key={pems.Key}", "--Waybill:Mqtt:Port=0", "--Waybill:Mqtt:TlsPort=0", "--Waybill:Http:TryPort80=false"]))
        {
            var https = (await server.ApiAsync()).Port;
            systemTakesIt = await AnswerAsync(https, minor: 2) == Handshake;
            Assert.Equal(Alert, await AnswerAsync(server.MqttTlsPort, minor: 2));
            Assert.Equal(Handshake, await AnswerAsync(server.MqttTlsPort, minor: 3));
        }
        Directory.Delete(directory, recursive: true);
        Assert.SkipUnless(systemTakesIt, "this system's OpenSSL takes no TLS 1.1 at all");
    }

    /// <summary>The first byte of the server's answer to a ClientHello of TLS 1.(minor - 1).</summary>
    static async Task<byte> AnswerAsync(int port, byte minor)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, House.Soon);
        // ECDHE-ECDSA-AES128-SHA; P-256, uncompressed points, ECDSA with SHA-256 and SHA-1
        byte[] extensions = [0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 6, 0, 4, 4, 3, 2, 3];
        byte[] hello = [3, minor, .. new byte[32], 0, 0, 2, 0xC0, 0x09, 1, 0, 0, (byte)extensions.Length, .. extensions];
        byte[] record = [Handshake, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello];
        await client.GetStream().WriteAsync(record, House.Soon);
        var answer = new byte[1];
        await client.GetStream().ReadExactlyAsync(answer, House.Soon);
        return answer[0];
    }
}
