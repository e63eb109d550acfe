using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Tests.Broker;

namespace Waybill.Mqtt.Tests.Client;

/// <summary>TLS under TCP and under a WebSocket, with a certificate of the client's own.</summary>
public sealed class ClientTlsTests : IDisposable
{
    readonly TestCertificates _certificates = new();
    readonly Channel<string> _received = Channel.CreateUnbounded<string>();
    string? _presented;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task It_speaks_over_TLS()
    {
        await using var house = await RunningBroker.StartAsync(listening: Secure);
        await TalkAsync(house.Port, null);
    }

    [Fact]
    public async Task It_speaks_over_TLS_and_a_WebSocket()
    {
        await using var house = await WebHouse.StartAsync(Secure);
        await TalkAsync(house.Port, "/mqtt");
    }

    [Theory, InlineData(null), InlineData("/mqtt")]
    public async Task A_server_it_does_not_trust_is_not_told_anything(string? path)
    {
        await using var tcp = await RunningBroker.StartAsync(listening: Secure);
        await using var web = await WebHouse.StartAsync(Secure);
        using var others = new TestCertificates();
        await Assert.ThrowsAnyAsync<Exception>(() => MqttClient.ConnectAsync(
            new() { Host = "127.0.0.1", Port = path is null ? tcp.Port : web.Port, WebSocketPath = path, Tls = others.Tls() }, Ct));
        // the handshake may have ended there before the client looked at the certificate
        while (tcp.Broker.ConnectionCount + web.Broker.ConnectionCount > 0) await Task.Yield();
        Assert.Equal((0, 0), (tcp.Broker.ClientsConnected, web.Broker.ClientsConnected));
    }

    async Task TalkAsync(int port, string? path)
    {
        await using var client = await MqttClient.ConnectAsync(new()
        {
            Host = "127.0.0.1",
            Port = port,
            WebSocketPath = path,
            Tls = _certificates.Tls(),
            OnMessage = (_, message, ct) => _received.Writer.WriteAsync(Encoding.UTF8.GetString(message.Payload.Span), ct),
        }, Ct);
        await client.SubscribeAsync("t", MqttQos.ExactlyOnce, Ct);
        var large = new string('x', 100_000);
        await client.PublishAsync("t", Encoding.UTF8.GetBytes(large), MqttQos.ExactlyOnce, Ct);
        Assert.Equal(large, await _received.Reader.ReadAsync(Ct).AsTask().WaitAsync(RawClient.Patience, Ct));
        Assert.Equal("CN=client", _presented);
    }

    void Secure(ListenOptions listen) => listen.UseHttps(https =>
    {
        https.ServerCertificate = _certificates.Server;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = Presented;
    });

    bool Presented(X509Certificate2 certificate, X509Chain? chain, System.Net.Security.SslPolicyErrors errors)
    {
        _presented = certificate.Subject;
        return true;
    }
}
