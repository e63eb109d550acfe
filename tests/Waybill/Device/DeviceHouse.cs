using System.Net;
using System.Text.Json;
using Waybill.Device;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>The real server, and devices of the library on it, whose HTTP can be broken.</summary>
sealed class DeviceHouse : IAsyncDisposable
{
    public const string Product = "ABCDE12345";

    DeviceHouse(House house) => House = house;

    public House House { get; }

    public static CancellationToken Soon => House.Soon;

    public static async Task<DeviceHouse> StartAsync(params (string Key, string? Value)[] settings)
    {
        var house = await House.StartAsync(settings);
        await house.DeviceAsync(Product);
        return new(house);
    }

    public async Task<HubDevice> DeviceAsync(string name = "dev001", FaultyHttp? http = null, HubVariant variant = HubVariant.C)
    {
        await House.DeviceAsync(Product, name);
        return await HubDevice.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = House.Server.MqttPort,
                Identity = new(Product, name, "MDEyMzQ1Njc4OWFiY2RlZg=="),
                Http = http,
                Variant = variant,
                RetryDelay = TimeSpan.FromMilliseconds(50),
            },
            Soon);
    }

    /// <summary>Stores a file of the product.</summary>
    public async Task StoreAsync(string name, byte[] content)
    {
        await House.DeviceAsync(Product);
        (await House.PutBytesAsync($"/api/v1/products/{Product}/files/{name}/1?type=FILE", content)).Is(HttpStatusCode.Created, HttpStatusCode.OK);
    }

    /// <summary>Orders a download and gives its id.</summary>
    public async Task<string> OrderAsync(string file, string device = "dev001") => (await House.SendAsync(
        "POST",
        "/api/v1/transfers",
        $$$"""{"kind":"download","product":"{{{Product}}}","device":"{{{device}}}","file":{"name":"{{{file}}}","version":"1"}}""")).Is(HttpStatusCode.Created).Id!;

    /// <summary>The newest transfer of a name, once it is in this state.</summary>
    public async Task<JsonElement> TransferAsync(string name, string state, string device = "dev001")
    {
        var patience = Soon;
        JsonElement? seen = null;
        while (!patience.IsCancellationRequested)
        {
            var list = await House.SendAsync("GET", $"/api/v1/transfers?product={Product}&device={device}");
            seen = list.Json.GetProperty("items").EnumerateArray()
                .Where(t => t.GetProperty("file").GetProperty("name").GetString() == name).Select(t => (JsonElement?)t).FirstOrDefault();
            if (seen is { } found && found.GetProperty("state").GetString() == state)
                return found;
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
        Assert.Fail($"{name} does not become {state}: {seen}");
        return default;
    }

    public async Task<byte[]> ContentAsync(JsonElement transfer) =>
        await House.Api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{transfer.GetProperty("id").GetString()}/content", UriKind.Relative), Soon);

    public async ValueTask DisposeAsync() => await House.DisposeAsync();
}

/// <summary>Does something to the next requests, one thing each, and remembers what was asked for.</summary>
sealed class FaultyHttp(params IEnumerable<Func<HttpRequestMessage, HttpResponseMessage?>> faults) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    readonly Queue<Func<HttpRequestMessage, HttpResponseMessage?>> _faults = new(faults);

    public List<string> Asked { get; } = [];

    /// <summary>A body that breaks after so many bytes, on its way up or down.</summary>
    public int? BreakNextBodyAt { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add($"{request.Method} {request.Headers.Range}");
        if (_faults.TryDequeue(out var fault) && fault(request) is { } answer)
            return answer;
        var breakAt = BreakNextBodyAt;
        BreakNextBodyAt = null;
        if (breakAt is { } up && request.Content is { } body)
            request.Content = new BrokenContent(body, up);
        var response = await base.SendAsync(request, cancellationToken);
        if (breakAt is { } down && request.Content is null)
            response.Content = new BrokenContent(response.Content, down);
        return response;
    }
}

/// <summary>Content whose bytes stop with an error.</summary>
sealed class BrokenContent : HttpContent
{
    readonly HttpContent _content;
    readonly int _at;

    public BrokenContent(HttpContent content, int at)
    {
        (_content, _at) = (content, at);
        foreach (var (name, values) in content.Headers)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var bytes = await _content.ReadAsByteArrayAsync();
        await stream.WriteAsync(bytes.AsMemory(0, _at));
        await stream.FlushAsync();
        throw new IOException("broken on purpose");
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() => new BrokenStream(await _content.ReadAsStreamAsync(), _at);

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? 0;
        return true;
    }

    sealed class BrokenStream(Stream inner, int left) : MemoryStream
    {
        int _left = left;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
            {
                await inner.DisposeAsync();
                throw new IOException("broken on purpose");
            }
            var read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }
}
