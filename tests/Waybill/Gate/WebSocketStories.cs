using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class WebSocketStories
{
    static readonly string s_program = Path.Join(Checkout.Root, "tests", "mqtt-js", "calls.mjs");

    [Fact]
    public async Task A_device_and_an_application_come_in_over_WebSocket()
    {
        await using var house = await House.StartAsync(
            ("Listeners:public:Roles", "devices"), ("Listeners:public:Port", "0"), ("Listeners:public:Address", "127.0.0.1"),
            ("Listeners:inside:Roles", "api"), ("Listeners:inside:Port", "0"), ("Listeners:inside:Address", "127.0.0.1"));
        await house.DeviceAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using var app = await AppClient.DialAsync(house.Server.Api.Port, login.Connect("app"), "/mqtt");
        await app.SubscribeAsync("waybill/events/ABCDE12345/dev001");
        await using var device = await AppClient.DialAsync(house.Server.Devices.Port, TencentLogin.Of("ABCDE12345", "dev001").Connect(MqttVersion.V311), "/mqtt");
        await device.SubscribeAsync("$resource/down/service/ABCDE12345/dev001");
        await device.SayAsync("$resource/up/service/ABCDE12345/dev001", """{"type":"create_upload_task","size":3,"name":"a","md5sum":"900150983cd24fb0d6963f7d28e17f72"}""");
        Assert.Contains("create_upload_task_rsp", await device.TextAsync(), StringComparison.Ordinal);
        Assert.Contains("transfer.sent", await app.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_come_in_may_not_over_WebSocket_either()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        var refused = await Assert.ThrowsAsync<MqttException>(
            () => AppClient.DialAsync(house.Server.Api.Port, login.Connect("app") with { Password = Encoding.UTF8.GetBytes("wrong password") }, "/mqtt"));
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, refused.Reason);
        (await house.SendAsync("GET", "/mqtt")).Is(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("127.0.0.0/8,::1/128", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task Behind_a_load_balancer_the_limit_sees_the_clients_own_address(string balancers, bool isBelieved)
    {
        await using var house = await House.StartAsync(("Mqtt:ConnectionsPerAddress", "1"), ("Mqtt:ProxyNetworks", balancers));
        var connect = (await AppLogin.MakeAsync(house.Api)).Connect("app");
        using var first = new ClientWebSocket();
        Assert.True(await IsLetInAsync(first, "203.0.113.1"));
        using var second = new ClientWebSocket();
        Assert.Equal(isBelieved, await IsLetInAsync(second, "203.0.113.2"));
        using var third = new ClientWebSocket();
        Assert.False(await IsLetInAsync(third, "203.0.113.2"));

        async Task<bool> IsLetInAsync(ClientWebSocket socket, string address)
        {
            socket.Options.AddSubProtocol("mqtt");
            socket.Options.SetRequestHeader("X-Forwarded-For", address);
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{house.Server.Api.Port}/mqtt"), House.Soon);
            var packet = new ArrayBufferWriter<byte>();
            (connect with { ClientId = address }).Write(packet);
            var answer = new byte[100];
            try
            {
                await socket.SendAsync(packet.WrittenMemory, WebSocketMessageType.Binary, endOfMessage: true, House.Soon);
                return (await socket.ReceiveAsync(answer, House.Soon)).Count > 0;
            }
            catch (WebSocketException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task The_client_of_npm_speaks_over_TCP_and_WebSocket_in_both_versions()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        var (code, output) = await Tool.RunAsync("node", s_program, $"mqtt://127.0.0.1:{house.Server.MqttPort}", $"ws://127.0.0.1:{house.Server.Api.Port}/mqtt", login.Name, login.Password);
        Assert.True(code == 0, output);
        Assert.Equal("""[["tcp",4],["tcp",5],["ws",4],["ws",5]]""", output.Trim());
    }
}
