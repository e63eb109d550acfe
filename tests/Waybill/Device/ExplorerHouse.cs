using System.Net;
using System.Text.Json;
using Waybill.Device;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Tests.Device;

/// <summary>The real server, and a device of the Explorer dialect on it.</summary>
sealed class ExplorerHouse : IAsyncDisposable
{
    public const string Version = "1.0.0";

    readonly DeviceHouse _house;
    readonly DeviceFiles _files = new();
    readonly FaultyHttp _http;

    ExplorerHouse(DeviceHouse house, FaultyHttp http)
    {
        (_house, _http) = (house, http);
        Storage = _files.Storage();
    }

    /// <summary>What stays when the device restarts.</summary>
    public ExplorerStorage Storage { get; }

    public IReadOnlyList<string> Asked => _http.Asked;

    public static async Task<ExplorerHouse> StartAsync(params IEnumerable<Func<HttpRequestMessage, HttpResponseMessage?>> faults)
    {
        var house = await DeviceHouse.StartAsync(("Transfers:Grace", "00:00:01"), ("Transfers:BackOff", "00:00:00.2"));
        (await house.House.SendAsync("PUT", $"/api/v1/products/{DeviceHouse.Product}", """{"name":"Doorbell","dialects":["tencent-explorer"]}""")).Is(HttpStatusCode.OK);
        return new(house, new(faults));
    }

    public Task<ExplorerDevice> DeviceAsync(ExplorerVariant variant) => ExplorerDevice.ConnectAsync(
        new()
        {
            Host = "127.0.0.1",
            Port = _house.House.Server.MqttPort,
            Identity = new(DeviceHouse.Product, "dev001", "MDEyMzQ1Njc4OWFiY2RlZg=="),
            Variant = variant,
            Storage = Storage,
            Http = _http,
            RetryDelay = TimeSpan.FromMilliseconds(50),
        },
        DeviceHouse.Soon);

    public byte[] Bytes(string name) => _files.Bytes(name);

    /// <summary>On its way up or down.</summary>
    public void BreakNextBodyAt(int count) => _http.BreakNextBodyAt = count;

    public async Task StoreAsync(string name, byte[] content) => (await _house.House.PutBytesAsync(
        $"/api/v1/products/{DeviceHouse.Product}/files/{name}/{Version}?type=FILE", content)).Is(HttpStatusCode.Created);

    public async Task OrderAsync(string kind, string name) => (await _house.House.SendAsync(
        "POST",
        "/api/v1/transfers",
        $$$"""{"kind":"{{{kind}}}","product":"{{{DeviceHouse.Product}}}","device":"dev001","file":{"name":"{{{name}}}","version":"{{{Version}}}"}}""")).Is(HttpStatusCode.Created);

    public Task<JsonElement> TransferAsync(string name, string state) => _house.TransferAsync(name, state);

    public Task<byte[]> ContentAsync(JsonElement transfer) => _house.ContentAsync(transfer);

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        _http.Dispose();
        _files.Dispose();
    }
}
