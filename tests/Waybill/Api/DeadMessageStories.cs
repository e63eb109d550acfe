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
        await SetAsideAsync(house, "{}");
        var list = (await house.SendAsync("GET", "/api/v1/dead-messages")).Is(HttpStatusCode.OK);
        Assert.Equal("dev001", list["items.0.device"]);
        Assert.Equal("{}", list["items.0.payload"]);
        Assert.Equal("it failed", list["items.0.reason"]);
        Assert.Equal("1970-01-01T00:00:01Z", list["items.0.createdAt"]);
        (await house.SendAsync("DELETE", $"/api/v1/dead-messages/{list["items.0.id"]}")).Is(HttpStatusCode.NoContent);
        (await house.SendAsync("DELETE", $"/api/v1/dead-messages/{list["items.0.id"]}")).IsProblem(HttpStatusCode.NotFound, "dead_message_not_found");
        Assert.Empty((await house.SendAsync("GET", "/api/v1/dead-messages")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_replayed_message_takes_effect_and_is_gone()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await SetAsideAsync(house, """{"type":"create_upload_task","size":3,"name":"late.bin","md5sum":"900150983cd24fb0d6963f7d28e17f72"}""");
        var id = (await house.SendAsync("GET", "/api/v1/dead-messages")).Is(HttpStatusCode.OK)["items.0.id"];
        (await house.SendAsync("POST", $"/api/v1/dead-messages/{id}/replay")).Is(HttpStatusCode.NoContent);
        var transfers = (await house.SendAsync("GET", "/api/v1/transfers?product=ABCDE12345&device=dev001")).Is(HttpStatusCode.OK);
        Assert.Equal("late.bin", transfers["items.0.file.name"]);
        (await house.SendAsync("POST", $"/api/v1/dead-messages/{id}/replay")).IsProblem(HttpStatusCode.NotFound, "dead_message_not_found");
    }

    [Fact]
    public async Task A_key_for_another_product_neither_sees_nor_touches_it()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await SetAsideAsync(house, "{}");
        var id = (await house.SendAsync("GET", "/api/v1/dead-messages"))["items.0.id"];
        var key = await house.KeyAsync("operator", Keyring.Other);
        Assert.Empty(ScopeStories.Of(await house.ByAsync(key, "GET", "/api/v1/dead-messages"), "id"));
        (await house.ByAsync(key, "DELETE", $"/api/v1/dead-messages/{id}")).IsProblem(HttpStatusCode.NotFound, "dead_message_not_found");
        (await house.ByAsync(key, "POST", $"/api/v1/dead-messages/{id}/replay")).IsProblem(HttpStatusCode.NotFound, "dead_message_not_found");
        (await house.SendAsync("PATCH", "/api/v1/keys/operator", $$"""{"products":["{{Keyring.Product}}"]}""")).Is(HttpStatusCode.OK);
        Assert.Equal([id], ScopeStories.Of(await house.ByAsync(key, "GET", "/api/v1/dead-messages"), "id"));
        (await house.ByAsync(key, "DELETE", $"/api/v1/dead-messages/{id}")).Is(HttpStatusCode.NoContent);
    }

    static Task<int> SetAsideAsync(House house, string payload) => house.Get<Database>().WriteAsync(
        db => db.RunAsync(
            """
            insert into dead_messages (id, device_id, dialect, payload, reason, created_at)
            select 7, id, 'tencent-hub', @payload, 'it failed', 1000 from devices
            """,
            new { payload = System.Text.Encoding.UTF8.GetBytes(payload) }),
        House.Soon);
}
