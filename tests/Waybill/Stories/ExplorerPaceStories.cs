using System.Net;
using System.Net.Http.Headers;
using Waybill.Mqtt;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Devices that upload inside their MQTT callback (tencent-explorer, quirks E34 and E56).</summary>
public sealed class ExplorerPaceStories
{
    static readonly TimeSpan s_longerThanTheKeepAlive = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task The_keep_alive_clock_stands_still_while_bytes_flow_and_no_longer()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345", """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.OK);
        await using var device = new SilentDevice();
        await device.ConnectAsync(house.Server.MqttPort);
        await device.SayAsync("""{"method":"request_url","request_id":"1","report":{"resource_name":"pic.jpg","version":"1.0.0","resource_type":"FILE"}}""");
        var answer = await device.HearAsync("request_url_resp");
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(new Uri(answer.GetProperty("resource_url").GetString()!).AbsolutePath, UriKind.Relative));
        request.Content = new DrippingContent(s_longerThanTheKeepAlive);
        // An app of the vendor's sends this
        request.Headers.Authorization = new AuthenticationHeaderValue("BASIC", "bm9ib2R5");
        Assert.Equal(HttpStatusCode.OK, (await house.Devices.SendAsync(request, House.Soon)).StatusCode);
        Assert.False(device.Mqtt.Closed.IsCompleted);
        await device.SayAsync(
            $$$"""{"method":"report_post_result","report":{"progress":{"resource_token":"{{{answer.GetProperty("resource_token").GetString()}}}","state":"done","result_code":"0","result_msg":"success"} } }""");
        await device.Mqtt.Closed.WaitAsync(House.Soon);
    }

    /// <summary>Says nothing by itself, no ping either.</summary>
    sealed class SilentDevice() : SpeakingDevice("ABCDE12345", "dev001", "$thing", "method")
    {
        public async Task ConnectAsync(int port)
        {
            var connect = TencentLogin.Of(Product, Name).Connect(MqttVersion.V311) with { KeepAliveSeconds = 1 };
            await OpenAsync(port, connect, new StoppedClock());
            await SubscribeAsync();
        }
    }

    sealed class StoppedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    sealed class DrippingContent(TimeSpan time) : HttpContent
    {
        const int Drops = 40;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < Drops; i++)
            {
                await stream.WriteAsync(new byte[] { (byte)i });
                await stream.FlushAsync();
                await Task.Delay(time / Drops);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Drops;
            return true;
        }
    }
}
