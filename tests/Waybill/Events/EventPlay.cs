using System.Globalization;
using System.Net;
using Waybill.Data;
using Waybill.Events;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Events;

/// <summary>Things happen that are told in the feed.</summary>
static class EventPlay
{
    /// <summary>Three events: sent, in progress, ok, which can be read afterwards. The URL comes back.</summary>
    public static async Task<string> UploadAsync(this House house, string name, byte[] bytes, string device = "dev001")
    {
        await house.DeviceAsync(device: device);
        await using var client = await HubDevice.ConnectAsync(house.Server.MqttPort, device);
        var url = await client.AskUploadAsync(name, bytes);
        await client.ProgressAsync(name, 40);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, bytes));
        await house.SettledAsync();
        return url;
    }

    /// <summary>All that was committed can be told: no older transaction is open on PostgreSQL.</summary>
    public static Task SettledAsync(this House house) => Eventually.IsAsync("everything is told", async () =>
        await house.Get<EventLog>().HeadAsync(House.Soon) == await house.Get<Database>().FirstAsync<long>("select max(id) from events", null, House.Soon));

    public static async Task ProgressAsync(this HubDevice device, string name, int percent)
    {
        await device.SayAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"report_upload_progress","name":"{{name}}","progress":{"state":"uploading","percent":{{percent}},"result_code":0,"result_msg":""} }"""));
        await device.HearAsync("report_upload_progress_rsp");
    }

    /// <summary>Events of the transfer that is told of last, as the line would commit them.</summary>
    public static async Task FloodAsync(this House house, int count, int slice = 1000)
    {
        var (log, rows, database) = (house.Get<EventLog>(), house.Get<EventRows>(), house.Get<Database>());
        var row = (await log.ReadAsync(null, EventFilter.Everything, 1, House.Soon)).Rows[0];
        for (var done = 0; done < count; done += slice)
        {
            await database.WriteAsync(
                async db =>
                {
                    await rows.AppendAsync(db, [.. Enumerable.Repeat(row, slice)]);
                    return 0;
                },
                House.Soon);
            rows.Committed();
        }
        await house.SettledAsync();
    }

    /// <summary>The ids of all pages up to the end of the feed.</summary>
    public static async Task<List<string?>> ReadAllAsync(this House house, string query)
    {
        List<string?> ids = [];
        for (string? after = ""; ;)
        {
            var page = (await house.SendAsync("GET", $"/api/v1/events?after={after}&{query}")).Is(HttpStatusCode.OK);
            ids.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetString()));
            if (page["next"] == after)
                return ids;
            after = page["next"];
        }
    }
}
