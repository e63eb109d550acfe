using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;
using Xunit;

namespace Waybill.Tests.Stories;

public sealed class DeviceStories
{
    const string Product = "ABCDE12345";

    [Fact]
    public async Task Two_devices_and_two_directions_of_one_name_are_three_transfers()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "dev002");
        var (first, second, down) = (RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(1000), RandomNumberGenerator.GetBytes(1000));
        await house.OrderAsync("same.bin", down);
        await using var one = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await using var two = await HubDevice.ConnectAsync(house.Server.MqttPort, "dev002");
        var (up1, up2) = (await one.AskUploadAsync("same.bin", first), await two.AskUploadAsync("same.bin", second));
        var push = (await one.HearAsync("download")).GetProperty("url").GetString()!;
        Assert.Equal(3, new HashSet<string> { up1, up2, push }.Count);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, up2, second));
        await two.ReportAsync("upload", "same.bin");
        Assert.Equal(down, await HubDevice.GetAsync(house.Devices, push));
        await one.ReportAsync("download", "same.bin");
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, up1, first));
        await one.ReportAsync("upload", "same.bin");
        foreach (var (query, bytes) in ((string, byte[])[])[("device=dev001&kind=upload", first), ("device=dev002&kind=upload", second), ("device=dev001&kind=download", down)])
        {
            await Eventually.IsAsync($"{query} ok", async () => (await house.SendAsync("GET", $"/api/v1/transfers?{query}"))["items.0.state"] == "ok");
            var id = (await house.SendAsync("GET", $"/api/v1/transfers?{query}"))["items.0.id"];
            Assert.Equal(bytes, await house.Api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{id}/content", UriKind.Relative), House.Soon));
        }
    }

    [Fact]
    public async Task A_push_waits_three_seconds_after_the_subscription_or_for_the_first_publish()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.OrderAsync("a.bin", [1]);
        await using (var quiet = await HubDevice.ConnectAsync(house.Server.MqttPort))
        {
            var clock = Stopwatch.StartNew();
            await quiet.HearAsync("download");
            Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2.8), TimeSpan.FromSeconds(20));
        }
        // the same is pushed again on a new connection
        await using var talking = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await talking.AskUploadAsync("b.bin", [1]);
        Assert.Equal("a.bin", (await talking.HearAsync("download")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task The_second_download_waits_for_the_end_of_the_first()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.OrderAsync("first.bin", [1]);
        await house.OrderAsync("second.bin", [2]);
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await device.AskUploadAsync("b.bin", [1]);
        var first = await device.HearAsync("download");
        Assert.Equal("first.bin", first.GetProperty("name").GetString());
        await HubDevice.GetAsync(house.Devices, first.GetProperty("url").GetString()!);
        await device.ReportAsync("download", "first.bin", "downloading");
        await device.AskUploadAsync("b.bin", [1]);
        Assert.False(device.HasHeard("download"));
        await device.ReportAsync("download", "first.bin");
        Assert.Equal("second.bin", (await device.HearAsync("download")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Who_may_not_come_in_gets_4_or_5()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(device: "disabled");
        (await house.SendAsync("PATCH", $"/api/v1/products/{Product}/devices/disabled", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        var good = TencentLogin.Of(Product, "dev001");
        TencentLogin[] refused =
        [
            TencentLogin.Of(Product, "dev001", Convert.ToBase64String(new byte[16])),
            TencentLogin.Of(Product, "dev001", expiry: DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 10),
            TencentLogin.Of(Product, "nobody"),
            TencentLogin.Of("ZZZZZ99999", "dev001"),
            TencentLogin.Of(Product, "disabled"),
            good with { Password = good.Password.Replace("hmacsha1", "hmacmd5", StringComparison.Ordinal) },
            good with { Password = "" },
            good with { ClientId = Product + "dev002" },
            good with { UserName = "dev001" },
        ];
        foreach (var version in (MqttVersion[])[MqttVersion.V31, MqttVersion.V311])
        {
            foreach (var login in refused)
                Assert.InRange(await ConnAckAsync(house, login.Connect(version)), 4, 5);
            Assert.InRange(await ConnAckAsync(house, good.Connect(version) with { UserName = null, Password = null }), 4, 5);
            Assert.Equal(0, await ConnAckAsync(house, good.Connect(version)));
            Assert.Equal(0, await ConnAckAsync(house, TencentLogin.Of(Product, "dev001", expiry: 92233720368547758, sha256: true).Connect(version)));
        }
    }

    [Fact]
    public async Task Disabling_a_device_cuts_its_session_and_its_URLs()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", [1]);
        var clock = Stopwatch.StartNew();
        (await house.SendAsync("PATCH", $"/api/v1/products/{Product}/devices/dev001", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        await device.Mqtt.Closed.WaitAsync(House.Soon);
        await Eventually.IsAsync("the URL dead", async () => await HubDevice.PutAsync(house.Devices, url, [1]) == HttpStatusCode.Forbidden);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_rotated_secret_and_the_one_before_are_both_valid()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var made = (await house.SendAsync("POST", $"/api/v1/products/{Product}/devices/dev001/secret:rotate", "{}")).Is(HttpStatusCode.OK)["secret"]!;
        foreach (var secret in (string[])[TencentLogin.Secret, made])
            Assert.Equal(0, await ConnAckAsync(house, TencentLogin.Of(Product, "dev001", secret).Connect(MqttVersion.V311)));
        (await house.SendAsync("POST", $"/api/v1/products/{Product}/devices/dev001/secret:rotate", """{"overlapSeconds":0}""")).Is(HttpStatusCode.OK);
        Assert.InRange(await ConnAckAsync(house, TencentLogin.Of(Product, "dev001").Connect(MqttVersion.V311)), 4, 5);
    }

    /// <summary>The code as it stands on the wire.</summary>
    static async Task<int> ConnAckAsync(House house, MqttConnect connect)
    {
        var packet = new System.Buffers.ArrayBufferWriter<byte>();
        connect.Write(packet);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, house.Server.MqttPort, House.Soon);
        await socket.SendAsync(packet.WrittenMemory, House.Soon);
        var answer = new byte[4];
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(answer, House.Soon);
        Assert.Equal([0x20, 2, 0], answer[..3]);
        return answer[3];
    }
}
