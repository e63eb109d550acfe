using Waybill.Tests.Api;
using Waybill.Tests.Stories;

namespace Waybill.Tests.Gate;

/// <summary>A server with MQTT over TLS that takes the certificates of an authority, and mosquitto's programs as its devices.</summary>
sealed class CertificateHouse : IAsyncDisposable
{
    readonly PemFiles _pems;

    CertificateHouse(House house, PemFiles pems) => (House, _pems) = (house, pems);

    public House House { get; }

    /// <summary>With the product ABCDE12345 and its devices dev001 and dev002.</summary>
    public static async Task<CertificateHouse> StartAsync(string authorities)
    {
        var pems = new PemFiles();
        pems.Write("localhost");
        var house = await House.StartAsync(("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key), ("Tls:DeviceAuthorities", authorities));
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        return new(house, pems);
    }

    /// <summary>Publishes at QoS 1: the exit code, which is the reason code where CONNECT is refused, and what was written.</summary>
    public Task<(int Code, string Output)> PublishAsync(DevicePair pair, string topic, params string[] more) =>
        Tool.RunAsync("mosquitto_pub", [.. Arguments(pair), "-t", topic, "-m", "x", "-q", "1", .. more]);

    public Tool Subscribe(DevicePair pair, string filter, params string[] more) =>
        Tool.Start("mosquitto_sub", [.. Arguments(pair), "-t", filter, "-q", "1", "-d", .. more]);

    /// <summary>Reasons of the refusals so far, the newest first.</summary>
    public async Task<IReadOnlyList<string?>> RefusalsAsync(string query = "") =>
        ScopeStories.Of(await House.SendAsync("GET", "/api/v1/mqtt/refusals" + query), "reason");

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        _pems.Dispose();
    }

    // the server's certificate is its own authority, made for no address
    string[] Arguments(DevicePair pair) =>
        ["-h", "127.0.0.1", "-p", $"{House.Server.MqttTlsPort}", "--cafile", _pems.Certificate, "--insecure", "--cert", pair.Certificate, "--key", pair.Key];
}
