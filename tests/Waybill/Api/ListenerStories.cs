using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Waybill.Api.Listening;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class ListenerStories
{
    [Fact]
    public async Task A_listener_serves_its_roles_and_nothing_else()
    {
        await using var house = await House.StartAsync(
            ("Listeners:public:Roles", "devices"), ("Listeners:public:Port", "0"), ("Listeners:public:Address", "127.0.0.1"),
            ("Listeners:inside:Roles", "api"), ("Listeners:inside:Port", "0"), ("Listeners:inside:Address", "127.0.0.1"));
        Assert.NotEqual(house.Server.Api.Port, house.Server.Devices.Port);
        (await house.SendAsync("GET", "/api/v1/products")).Is(HttpStatusCode.OK);
        using var devices = new HttpClient { BaseAddress = house.Server.Devices };
        devices.DefaultRequestHeaders.Authorization = house.Api.DefaultRequestHeaders.Authorization;
        foreach (var path in (string[])["/", "/api/v1/products", "/healthz", "/metrics", "/openapi/v1.json", "/O/x"])
            Assert.Equal(HttpStatusCode.NotFound, (await devices.GetAsync(new Uri(path, UriKind.Relative), House.Soon)).StatusCode);
        Assert.Equal("close", string.Join(',', (await devices.GetAsync(new Uri("/o/none", UriKind.Relative), House.Soon)).Headers.Connection));
        using var fromApi = await house.Api.GetAsync(new Uri("/o/none", UriKind.Relative), House.Soon);
        Assert.Equal(HttpStatusCode.NotFound, fromApi.StatusCode);
        Assert.Empty(fromApi.Headers.Connection);
    }

    [Fact]
    public async Task A_changed_certificate_serves_without_a_restart_and_a_broken_one_does_not_replace_it()
    {
        using var pems = new PemFiles();
        pems.Write("first");
        await using var house = await House.StartAsync(
            ("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key),
            ("Listeners:tls:Roles", "api,devices"), ("Listeners:tls:Port", "0"), ("Listeners:tls:Tls", "true"));
        var port = house.Server.Api.Port;
        Assert.Equal("https", house.Server.Api.Scheme);
        Assert.Equal("CN=first", await SubjectAsync(port));
        pems.Write("second");
        Assert.Equal("CN=second", await SubjectAsync(port));
        await File.WriteAllTextAsync(pems.Key, "nonsense", House.Soon);
        Assert.Equal("CN=second", await SubjectAsync(port));
        pems.Write("third");
        Assert.Equal("CN=third", await SubjectAsync(port));
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_with_a_plain_message()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        var settings = new Dictionary<string, string?>
        {
            ["Waybill:Data"] = directory,
            ["Waybill:Listeners:a:Roles"] = "api",
            ["Waybill:Listeners:a:Port"] = $"{((IPEndPoint)taken.LocalEndpoint).Port}",
            ["Waybill:Listeners:a:Address"] = "127.0.0.1",
            ["Waybill:Http:TryPort80"] = "false",
            ["Waybill:Mqtt:Port"] = "0",
            ["Logging:LogLevel:Default"] = "None",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        Assert.Contains("already in use", (await Assert.ThrowsAsync<IOException>(() => WaybillServer.StartAsync(configuration, House.Soon))).Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Every_listener_is_told_apart()
    {
        await using var house = await House.StartAsync();
        Assert.Equal([ListenerRoles.Api | ListenerRoles.Devices, ListenerRoles.S3], house.Get<Listeners>().Http.Select(l => l.Settings.Roles));
        Assert.Equal(house.Server.Api, house.Server.Devices);
    }

    static async Task<string> SubjectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, House.Soon);
        var subject = "";
        // the test looks at what is served, it does not trust it
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => (subject = certificate!.Subject).Length > 0);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, House.Soon);
        return subject;
    }
}

/// <summary>A PEM pair on disk, made anew at will.</summary>
sealed class PemFiles : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("waybill-pem-");

    public string Certificate => Path.Join(_directory.FullName, "cert.pem");

    public string Key => Path.Join(_directory.FullName, "key.pem");

    public void Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
