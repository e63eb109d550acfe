using System.Net;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>What a transcript does and sees through the API.</summary>
sealed class PlayedApi(House house)
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    public async Task StoreAsync(string name, string version, ReadOnlyMemory<byte> content) =>
        (await house.PutBytesAsync($"/api/v1/products/{PlayedDevice.Product}/files/{name}/{version}?type=FILE", content.ToArray())).Is(HttpStatusCode.Created, HttpStatusCode.OK);

    public async Task OrderAsync(string kind, string name, string version) => (await house.SendAsync(
        "POST",
        "/api/v1/transfers",
        $$$"""{"kind":"{{{kind}}}","product":"{{{PlayedDevice.Product}}}","device":"{{{PlayedDevice.Device}}}","file":{"name":"{{{name}}}","version":"{{{version}}}"}}""")).Is(HttpStatusCode.Created);

    public async Task CancelAsync(string direction, string name)
    {
        var id = (await NewestAsync(direction, name))!.Value.GetProperty("id").GetString();
        (await house.SendAsync("POST", $"/api/v1/transfers/{id}/cancel")).Is(HttpStatusCode.OK);
    }

    /// <summary>Looks until the newest such transfer has this value.</summary>
    public async Task ShowsAsync(string direction, string name, string property, string value)
    {
        var patience = House.Soon;
        string? seen = null;
        while (!patience.IsCancellationRequested)
        {
            seen = (await NewestAsync(direction, name))?.GetProperty(property).ToString();
            if (seen == value)
                return;
            await Task.Delay(Glance, CancellationToken.None);
        }
        Assert.Fail($"the {property} of {direction} {name} stays {seen ?? "unknown"}");
    }

    async Task<System.Text.Json.JsonElement?> NewestAsync(string direction, string name)
    {
        var list = await house.SendAsync("GET", $"/api/v1/transfers?product={PlayedDevice.Product}&device={PlayedDevice.Device}&kind={direction}");
        return list.Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()
            .Where(t => t.GetProperty("file").GetProperty("name").GetString() == name)
            .Select(t => (System.Text.Json.JsonElement?)t)
            .FirstOrDefault();
    }
}
