using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class StormStories
{
    const int Devices = 300;

    /// <summary>That no more than the places are looked at is what AdmissionLaneTests see.</summary>
    [Fact]
    public async Task All_devices_that_come_back_at_once_get_in_and_the_API_is_reachable_meanwhile()
    {
        await using var house = await House.StartAsync(("Mqtt:Port", $"{FreePort()}"), ("Mqtt:Connecting", "2"));
        await RegisterAsync(house);
        var clients = await Task.WhenAll(Enumerable.Range(0, Devices).Select(n => MqttClient.ConnectAsync(Options(house, n), House.Soon)));
        await house.RestartAsync();
        var connections = house.Get<DeviceConnections>();
        await Eventually.IsAsync("all are back", async () =>
        {
            (await house.SendAsync("GET", "/api/v1/products/ABCDE12345/devices?limit=1")).Is(HttpStatusCode.OK);
            (await house.SendAsync("GET", "/readyz")).Is(HttpStatusCode.OK);
            return connections.Count == Devices;
        });
        Assert.All(clients, c => Assert.False(c.Closed.IsCompleted));
        await Task.WhenAll(clients.Select(c => c.DisposeAsync().AsTask()));
    }

    static async Task RegisterAsync(House house)
    {
        await house.DeviceAsync();
        var rows = string.Join('\n', Enumerable.Range(0, Devices).Select(n => $"d{n},{TencentLogin.Secret}"));
        using var csv = new StringContent("name,secret\n" + rows, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        var import = await Reply.OfAsync(await house.Api.PostAsync(new Uri("/api/v1/products/ABCDE12345/devices:import", UriKind.Relative), csv, House.Soon));
        Assert.Equal($"{Devices}", import.Is(HttpStatusCode.OK)["created"]);
    }

    static MqttClientOptions Options(House house, int n) => new()
    {
        Host = "127.0.0.1",
        Port = house.Server.MqttPort,
        Connect = TencentLogin.Of("ABCDE12345", $"d{n}").Connect(MqttVersion.V311),
        Reconnect = true,
        // all of them as soon as there is a server
        ReconnectDelay = TimeSpan.FromMilliseconds(50),
        MaximumReconnectDelay = TimeSpan.FromMilliseconds(200),
    };

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
