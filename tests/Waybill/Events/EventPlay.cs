using System.Globalization;
using System.Net;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Events;

/// <summary>Things happen that are told in the feed.</summary>
static class EventPlay
{
    /// <summary>Three events: sent, in progress, ok. The URL comes back.</summary>
    public static async Task<string> UploadAsync(this House house, string name, byte[] bytes, string device = "dev001")
    {
        await house.DeviceAsync(device: device);
        await using var client = await HubDevice.ConnectAsync(house.Server.MqttPort, device);
        var url = await client.AskUploadAsync(name, bytes);
        await client.ProgressAsync(name, 40);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
        return url;
    }

    public static async Task ProgressAsync(this HubDevice device, string name, int percent)
    {
        await device.SayAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"report_upload_progress","name":"{{name}}","progress":{"state":"uploading","percent":{{percent}},"result_code":0,"result_msg":""} }"""));
        await device.HearAsync("report_upload_progress_rsp");
    }

    /// <summary>The ids of all pages up to the end of the feed.</summary>
    public static async Task<List<string?>> ReadAllAsync(this House house, string query)
    {
        List<string?> ids = [];
        for (string? after = "";;)
        {
            var page = (await house.SendAsync("GET", $"/api/v1/events?after={after}&{query}")).Is(HttpStatusCode.OK);
            ids.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetString()));
            if (page["next"] == after)
                return ids;
            after = page["next"];
        }
    }
}
