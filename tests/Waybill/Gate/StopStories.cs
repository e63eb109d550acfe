using System.Diagnostics;
using System.Net;
using System.Text;
using Waybill.Mqtt;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class StopStories
{
    const int Devices = 200;
    const int Rate = 50;

    [Fact]
    public async Task After_SIGTERM_sessions_end_at_the_rate_that_is_set_and_readyz_is_red_before_the_first()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(
            directory, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0",
            "--Waybill:AdminKey=" + House.AdminKey, $"--Waybill:Mqtt:ClosingRate={Rate}"))
        {
            using var http = new HttpClient { BaseAddress = await server.ApiAsync() };
            http.DefaultRequestHeaders.Authorization = new("Bearer", House.AdminKey);
            await RegisterAsync(http);
            List<AppClient> devices = [];
            for (var n = 0; n < Devices; n++)
                devices.Add(await AppClient.DialAsync(server.MqttPort, TencentLogin.Of("ABCDE12345", $"dev{n}").Connect(MqttVersion.V50)));
            Assert.Equal(HttpStatusCode.OK, await ReadyAsync(http));

            var begun = Stopwatch.StartNew();
            var ends = devices.ConvertAll(d => EndAsync(d, begun));
            var stopping = server.StopAsync();
            await Task.WhenAny(ends).WaitAsync(House.Soon);
            // a server that turns red afterwards is green until the last has gone
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(http));
            var ended = (await Task.WhenAll(ends).WaitAsync(House.Soon)).OrderBy(e => e.At).ToList();
            Assert.All(ended, e => Assert.Equal(MqttReasonCode.ServerShuttingDown, e.Reason));
            var times = ended.ConvertAll(e => e.At);
            Assert.All(times, (time, n) => Assert.True(time > TimeSpan.FromSeconds((n - 3d) / Rate), $"{n} had ended after {time}"));
            // not all at the end of that time either
            Assert.True(times[^1] - times[0] > TimeSpan.FromSeconds((double)Devices / Rate / 2));
            Assert.Equal(0, await stopping);
            foreach (var device in devices)
                await device.DisposeAsync();
        }
        Directory.Delete(directory, recursive: true);
    }

    static async Task<(TimeSpan At, MqttReasonCode? Reason)> EndAsync(AppClient device, Stopwatch begun)
    {
        var reason = await device.Mqtt.Closed;
        return (begun.Elapsed, reason);
    }

    static async Task RegisterAsync(HttpClient http)
    {
        var product = new Uri("/api/v1/products/ABCDE12345", UriKind.Relative);
        using var doorbell = new StringContent("""{"name":"Doorbell","dialects":["tencent-hub"]}""", Encoding.UTF8, "application/json");
        (await Reply.OfAsync(await http.PutAsync(product, doorbell, House.Soon))).Is(HttpStatusCode.Created);
        using var names = new StringContent("name,secret\n" + string.Concat(Enumerable.Range(0, Devices).Select(n => $"dev{n},{TencentLogin.Secret}\n")), Encoding.UTF8, "text/csv");
        (await Reply.OfAsync(await http.PostAsync(new Uri($"{product}/devices:import", UriKind.Relative), names, House.Soon))).Is(HttpStatusCode.OK);
    }

    static async Task<HttpStatusCode> ReadyAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), House.Soon);
        return answer.StatusCode;
    }
}
