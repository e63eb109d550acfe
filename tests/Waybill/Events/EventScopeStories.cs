using System.Net;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.Events;

/// <summary>Keys and tokens see the events of what they are for, and of nothing else.</summary>
public sealed class EventScopeStories
{
    [Fact]
    public async Task A_token_reads_and_follows_its_devices_only()
    {
        await using var house = await House.StartAsync();
        await house.UploadAsync("before", [1]);
        await house.UploadAsync("other", [1], "dev002");
        var token = await house.TokenAsync(House.AdminKey, "dev001", "events.read");
        var page = (await house.ByAsync(token, "GET", "/api/v1/events")).Is(HttpStatusCode.OK);
        Assert.Equal(["dev001"], page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("device").GetString()).Distinct());
        Assert.Empty((await house.ByAsync(token, "GET", "/api/v1/events?device=dev002")).Json.GetProperty("items").EnumerateArray());

        await using var source = await EventSource.OpenAsync(house, key: token);
        await using var wrong = await EventSource.OpenAsync(house, "device=dev002", key: token);
        await house.UploadAsync("other2", [1], "dev002");
        await house.UploadAsync("after", [1]);
        var first = (await source.NextAsync())!.Value;
        Assert.Equal(("dev001", "after"), (first.GetProperty("device").GetString(), first.GetProperty("transfer").GetProperty("name").GetString()));
        Assert.Empty((await house.ByAsync(token, "GET", "/api/v1/events?device=dev002")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_key_for_two_products_follows_both_and_no_third()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(product: Keyring.Other);
        var key = await house.KeyAsync("reader", Keyring.Other, "THIRD67890");
        await using var source = await EventSource.OpenAsync(house, key: key);
        await house.UploadAsync("a", [1]);
        await house.OrderAsync("b", [1], Keyring.Other);
        var first = (await source.NextAsync())!.Value;
        Assert.Equal((Keyring.Other, "b"), (first.GetProperty("product").GetString(), first.GetProperty("transfer").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_key_without_the_action_hears_nothing()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var token = await house.TokenAsync(House.AdminKey, "dev001", "files.read");
        using var answer = await EventSource.AskAsync(house, key: token);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
