using System.Net;
using Waybill.Data;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class DeadMessageStories
{
    [Fact]
    public async Task A_message_that_was_set_aside_is_seen_and_forgotten()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.Get<Database>().WriteAsync(
            db => db.RunAsync(
                """
                insert into dead_messages (id, device_id, topic, payload, reason, created_at)
                select 7, id, 'tencent-hub', @payload, 'it failed', 1000 from devices
                """,
                new { payload = "{}"u8.ToArray() }),
            House.Soon);
        var list = (await house.SendAsync("GET", "/api/v1/dead-messages")).Is(HttpStatusCode.OK);
        Assert.Equal("dev001", list["items.0.device"]);
        Assert.Equal("{}", list["items.0.payload"]);
        Assert.Equal("it failed", list["items.0.reason"]);
        Assert.Equal("1970-01-01T00:00:01Z", list["items.0.createdAt"]);
        (await house.SendAsync("DELETE", $"/api/v1/dead-messages/{list["items.0.id"]}")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", $"/api/v1/dead-messages/{list["items.0.id"]}")).IsProblem(HttpStatusCode.NotFound, "dead_message_not_found");
        Assert.Empty((await house.SendAsync("GET", "/api/v1/dead-messages")).Json.GetProperty("items").EnumerateArray());
    }
}
