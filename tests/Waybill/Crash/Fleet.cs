using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>Devices at work, each with its uploads and downloads, and an app that orders; every answer is written down as a promise.</summary>
sealed class Fleet(HttpClient http, int mqttPort, int devices)
{
    const string Product = "ABCDE12345";

    readonly ConcurrentQueue<Promise> _promises = [];
    volatile bool _ended;
    int _names;
    int _contents;

    public IReadOnlyCollection<Promise> Promises => _promises;

    public static string Device(int number) => $"dev{number:000}";

    public static async Task RegisterAsync(HttpClient http, int devices)
    {
        using var product = JsonContent.Create(new { name = "Doorbell", dialects = (string[])["tencent-hub"] });
        (await Reply.OfAsync(await http.PutAsync(new Uri($"/api/v1/products/{Product}", UriKind.Relative), product, House.Soon))).Is(HttpStatusCode.Created);
        await ImportAsync(http, Enumerable.Range(0, devices).Select(Device));
    }

    public static async Task ImportAsync(HttpClient http, IEnumerable<string> devices)
    {
        using var list = new StringContent($"name,secret\n{string.Concat(devices.Select(d => $"{d},{TencentLogin.Secret}\n"))}", new MediaTypeHeaderValue("text/csv"));
        (await Reply.OfAsync(await http.PostAsync(new Uri($"/api/v1/products/{Product}/devices:import", UriKind.Relative), list, House.Soon))).Is(HttpStatusCode.OK);
    }

    /// <summary>Works until the end is told. What fails after that fails rightly.</summary>
    /// <param name="round">A text in all names, so that they are new.</param>
    public Task WorkAsync(string round) => Task.WhenAll(
        [OrdersAsync(round), .. Enumerable.Range(0, devices).SelectMany(d => (IEnumerable<Task>)[DeviceAsync(round, Device(d))])]);

    public void End() => _ended = true;

    async Task DeviceAsync(string round, string name)
    {
        try
        {
            await using var device = await HubDevice.ConnectAsync(mqttPort, name, product: Product);
            var downloads = DownloadsAsync(device);
            await UploadsAsync(round, device);
            device.Mqtt.Abort();
            await downloads;
        }
        catch (Exception) when (_ended)
        {
        }
    }

    async Task UploadsAsync(string round, HubDevice device)
    {
        while (!_ended)
        {
            var (name, content) = (Name(round), NewContent());
            var granted = Written(new Granted(device.Name, name, content, await device.AskUploadAsync(name, content.Bytes)));
            switch (content.Seed % 5)
            {
                case 0:
                    await device.ReportAsync("upload", name, "fail", -2, "file_not_exist");
                    Written(new Failed(device.Name, name, -2));
                    break;
                case 1:
                    break;
                default:
                    Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(http, granted.Url, content.Bytes));
                    Written(new Stored(device.Name, name, content, new Uri(granted.Url).AbsolutePath));
                    await device.ReportAsync("upload", name);
                    Written(new Finished(device.Name, name));
                    break;
            }
        }
    }

    async Task DownloadsAsync(HubDevice device)
    {
        try
        {
            while (!_ended)
            {
                var push = await device.HearAsync("download");
                var bytes = await HubDevice.GetAsync(http, push.GetProperty("url").GetString()!);
                Assert.Equal(push.GetProperty("md5sum").GetString(), HubDevice.Md5(bytes));
                var name = push.GetProperty("name").GetString()!;
                await device.ReportAsync("download", name);
                Written(new Fetched(device.Name, name));
            }
        }
        catch (Exception e) when (_ended || e is OperationCanceledException)
        {
            // or nothing was ordered for this one for a long time
        }
    }

    async Task OrdersAsync(string round)
    {
        try
        {
            for (var i = 0; !_ended; i++)
            {
                var (name, content, device) = (Name(round), NewContent(), Device(i % devices));
                using var body = new ByteArrayContent(content.Bytes);
                (await Reply.OfAsync(await http.PutAsync(new Uri($"/api/v1/products/{Product}/files/{name}/1", UriKind.Relative), body, House.Soon))).Is(HttpStatusCode.Created);
                Written(new Shelved(name, content));
                using var order = JsonContent.Create(new { kind = "download", product = Product, device, file = new { name, version = "1" } });
                var answer = (await Reply.OfAsync(await http.PostAsync(new Uri("/api/v1/transfers", UriKind.Relative), order, House.Soon))).Is(HttpStatusCode.Created);
                Written(new Ordered(device, name, answer.Id!));
            }
        }
        catch (Exception) when (_ended)
        {
        }
    }

    string Name(string round) => $"{round}n{Interlocked.Increment(ref _names):00000}.bin";

    /// <summary>Mostly small, some empty, some large, now and then the same as before.</summary>
    Content NewContent()
    {
        var number = Interlocked.Increment(ref _contents);
        var seed = number % 11 == 0 ? number - 10 : number;
        return new(seed, seed % 13 == 0 ? 0 : seed % 7 == 0 ? 300_000 : 100 + seed * 37 % 40_000);
    }

    T Written<T>(T promise)
        where T : Promise
    {
        _promises.Enqueue(promise);
        return promise;
    }
}
