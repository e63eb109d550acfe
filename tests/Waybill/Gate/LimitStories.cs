using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Waybill.Tests.Api;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class LimitStories
{
    [Fact]
    public async Task Only_so_many_connections_may_come_from_one_address()
    {
        await using var house = await House.StartAsync(("Mqtt:ConnectionsPerAddress", "1"));
        var login = await AppLogin.MakeAsync(house.Api);
        await using (var first = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("a")))
            await Assert.ThrowsAnyAsync<Exception>(() => AppClient.DialAsync(house.Server.MqttPort, login.Connect("b")));
        await Eventually.IsAsync("there is a place again", async () =>
        {
            try
            {
                await using var next = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("c"));
                return true;
            }
            catch (Exception e) when (e is IOException or SocketException or Waybill.Mqtt.Client.MqttException)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task Behind_a_load_balancer_the_limit_sees_the_clients_own_address()
    {
        await using var house = await House.StartAsync(("Mqtt:ConnectionsPerAddress", "1"), ("Mqtt:ProxyNetworks", "127.0.0.0/8,::1/128"));
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        using var first = await BehindAsync(house, "203.0.113.1", "dev001");
        Assert.Equal([0x20, 2, 0, 0], await AnswerAsync(first));
        using var second = await BehindAsync(house, "203.0.113.2", "dev002");
        Assert.Equal([0x20, 2, 0, 0], await AnswerAsync(second));
        using var third = await BehindAsync(house, "203.0.113.2", "dev002");
        Assert.Empty(await AnswerAsync(third));
        using var without = await BehindAsync(house, null, "dev002");
        Assert.Empty(await AnswerAsync(without));
    }

    [Fact]
    public async Task Behind_one_address_what_one_device_does_wrong_shuts_nobody_out()
    {
        await using var house = await House.StartAsync(("Mqtt:Connecting", "2"));
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        var wrong = TencentLogin.Of("ABCDE12345", "dev002", "b3RoZXIgc2VjcmV0IQ==").Connect(Waybill.Mqtt.MqttVersion.V311);
        var failing = Enumerable.Range(0, 200).Select(_ => Assert.ThrowsAsync<Waybill.Mqtt.Client.MqttException>(() => AppClient.DialAsync(house.Server.MqttPort, wrong))).ToList();
        // in the middle of it and afterwards
        await using (await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(Waybill.Mqtt.MqttVersion.V311)))
            await Task.WhenAll(failing);
        await using var again = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev001").Connect(Waybill.Mqtt.MqttVersion.V311));
        await using var right = await AppClient.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", "dev002").Connect(Waybill.Mqtt.MqttVersion.V311));
        Assert.False(again.Mqtt.Closed.IsCompleted);
    }

    [Fact]
    public async Task Who_does_not_say_CONNECT_in_time_is_closed()
    {
        await using var house = await House.StartAsync(("Mqtt:ConnectDeadline", "00:00:00.1"));
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, house.Server.MqttPort, House.Soon);
        Assert.Empty(await AnswerAsync(silent));
    }

    [Fact]
    public async Task Who_is_silent_before_the_tls_handshake_is_one_of_all_connections()
    {
        using var pems = new PemFiles();
        pems.Write("mqtt");
        await using var house = await House.StartAsync(("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key), ("Mqtt:Connections", "3"));
        var silent = new List<TcpClient>();
        for (var n = 0; n < 3; n++)
            silent.Add(await DialAsync(house.Server.MqttTlsPort));
        Assert.False(await ShakesHandsAsync(house));
        silent.ForEach(s => s.Dispose());
        await Eventually.IsAsync("there is a place again", () => ShakesHandsAsync(house));
    }

    [Fact]
    public async Task The_deadline_of_CONNECT_is_that_of_the_tls_handshake_too()
    {
        using var pems = new PemFiles();
        pems.Write("mqtt");
        await using var house = await House.StartAsync(("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key), ("Mqtt:ConnectDeadline", "00:00:00.1"));
        using var silent = await DialAsync(house.Server.MqttTlsPort);
        // the web server's own patience is ten seconds
        Assert.Empty(await AnswerAsync(silent).WaitAsync(TimeSpan.FromSeconds(7), House.Soon));
    }

    static async Task<TcpClient> DialAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, House.Soon);
        return client;
    }

    static async Task<bool> ShakesHandsAsync(House house)
    {
        try
        {
            using var client = await DialAsync(house.Server.MqttTlsPort);
            // the test looks at whether it is served, it does not trust it
            await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, House.Soon);
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return false;
        }
    }

    static async Task<TcpClient> BehindAsync(House house, string? address, string device)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, house.Server.MqttPort, House.Soon);
        var connect = new System.Buffers.ArrayBufferWriter<byte>();
        TencentLogin.Of("ABCDE12345", device).Connect(Waybill.Mqtt.MqttVersion.V311).Write(connect);
        var header = address is null ? "" : $"PROXY TCP4 {address} 127.0.0.1 40000 1883\r\n";
        await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(header), .. connect.WrittenSpan], House.Soon);
        return client;
    }

    /// <summary>Four bytes, or none when the connection was closed.</summary>
    static async Task<byte[]> AnswerAsync(TcpClient client)
    {
        var answer = new byte[4];
        try
        {
            return answer[..await client.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, House.Soon)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
