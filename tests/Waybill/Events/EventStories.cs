using System.Net;
using Waybill.Data;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Events;

public sealed class EventStories
{
    [Fact]
    public async Task Every_change_of_an_upload_is_told_in_order()
    {
        await using var house = await House.StartAsync();
        var end = await UploadAsync(house, "rec.mp4", [1, 2, 3]);
        var feed = (await house.SendAsync("GET", "/api/v1/events")).Is(HttpStatusCode.OK);
        Assert.Equal(["transfer.sent", "transfer.in_progress", "transfer.ok"], Types(feed));
        Assert.Equal(("ABCDE12345", "dev001", "upload", "rec.mp4"), (feed["items.1.product"], feed["items.1.device"], feed["items.1.transfer.kind"], feed["items.1.transfer.name"]));
        Assert.Equal(("in_progress", "40", null, null), (feed["items.1.transfer.state"], feed["items.1.transfer.percent"], feed["items.1.transfer.step"], feed["items.1.transfer.reason"]));
        Assert.Equal(("ok", "100"), (feed["items.2.transfer.state"], feed["items.2.transfer.percent"]));
        Assert.Equal("ok", (await house.SendAsync("GET", $"/api/v1/transfers/{feed["items.0.transfer.id"]}"))["state"]);
        Assert.Equal(feed["items.2.id"], feed["next"]);
        Assert.DoesNotContain(new Uri(end).AbsolutePath, feed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feed_is_read_by_cursor_and_by_filter()
    {
        await using var house = await House.StartAsync();
        await UploadAsync(house, "a", [1]);
        await UploadAsync(house, "b", [2], "dev002");
        var all = Ids(await house.SendAsync("GET", "/api/v1/events"));
        Assert.Equal(6, all.Count);
        Assert.Equal(all, await house.ReadAllAsync("limit=1"));
        Assert.Equal(all.Take(3), await house.ReadAllAsync("product=ABCDE12345&device=dev001&limit=2"));
        Assert.Equal([all[2], all[5]], await house.ReadAllAsync("type=transfer.ok"));
        Assert.Equal([all[3], all[5]], await house.ReadAllAsync("device=dev002&type=transfer.ok,transfer.sent"));
        Assert.Empty(await house.ReadAllAsync("product=other"));
        var rest = await house.SendAsync("GET", $"/api/v1/events?after={all[^1]}");
        Assert.Equal((0, all[^1]), (Ids(rest).Count, rest["next"]));
    }

    [Theory]
    [InlineData("after=x", "cursor_invalid")]
    [InlineData("after=-1", "cursor_invalid")]
    [InlineData("after=9000000000000000000", "cursor_invalid")]
    [InlineData("type=transfer.done", "invalid")]
    [InlineData("types=transfer.ok", "invalid")]
    public async Task What_is_no_cursor_and_no_type_is_refused(string query, string code)
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("GET", "/api/v1/events?" + query)).IsProblem(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Percent_is_told_where_it_passes_a_multiple_of_five()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        await device.AskUploadAsync("a", [1]);
        foreach (var percent in (int[])[0, 1, 4, 6, 9, 10, 10, 52])
            await device.ProgressAsync("a", percent);
        await house.SettledAsync();
        var feed = await house.SendAsync("GET", "/api/v1/events?type=transfer.in_progress");
        Assert.Equal([0, 6, 10, 52], feed.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("transfer").GetProperty("percent").GetInt32()));
    }

    [Fact]
    public async Task A_failed_attempt_is_told_with_its_code_and_without_a_url()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", [1]);
        await device.ReportAsync("upload", "a", "fail", -4, $"PUT {url} said 500");
        await house.SettledAsync();
        var feed = await house.SendAsync("GET", "/api/v1/events");
        Assert.Equal(["transfer.sent", "transfer.pending"], Types(feed));
        Assert.Equal(("-4", "PUT (URL) said 500"), (feed["items.1.transfer.code"], feed["items.1.transfer.reason"]));
    }

    [Fact]
    public async Task After_a_restore_new_events_stand_behind_the_old_ones()
    {
        await using var house = await House.StartAsync();
        await UploadAsync(house, "a", [1]);
        // as if the database that was backed up had counted further than the one it was restored into
        await house.Get<Database>().WriteAsync(db => db.RunAsync("update events set id = id + 1099511627776"), House.Soon);
        await house.RestartAsync();
        var before = await house.SendAsync("GET", "/api/v1/events");
        Assert.Equal(3, Ids(before).Count);
        await UploadAsync(house, "b", [1]);
        Assert.Equal(["transfer.sent", "transfer.in_progress", "transfer.ok"], Types(await house.SendAsync("GET", $"/api/v1/events?after={before["next"]}")));
    }

    [Fact]
    public async Task Events_of_a_deleted_transfer_are_told_without_its_name()
    {
        await using var house = await House.StartAsync();
        await UploadAsync(house, "private.mp4", [1]);
        var id = (await house.SendAsync("GET", "/api/v1/events"))["items.0.transfer.id"];
        (await house.SendAsync("DELETE", $"/api/v1/transfers/{id}")).Is(HttpStatusCode.NoContent);
        var feed = await house.SendAsync("GET", "/api/v1/events");
        Assert.Equal(["transfer.sent", "transfer.in_progress", "transfer.ok"], Types(feed));
        Assert.Equal((id, null, null, "dev001"), (feed["items.2.transfer.id"], feed["items.2.transfer.kind"], feed["items.2.transfer.name"], feed["items.2.device"]));
    }

    static List<string?> Types(Reply page) => [.. page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("type").GetString())];

    static List<string?> Ids(Reply page) => [.. page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("id").GetString())];

    static Task<string> UploadAsync(House house, string name, byte[] bytes, string device = "dev001") => house.UploadAsync(name, bytes, device);
}
