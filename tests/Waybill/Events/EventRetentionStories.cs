using System.Net;
using Xunit;

namespace Waybill.Tests.Events;

public sealed class EventRetentionStories
{
    [Fact]
    public async Task Old_events_go_and_their_cursors_expire()
    {
        await using var house = await House.StartAsync(("Events:Keep", "00:00:01"));
        await house.UploadAsync("a", [1]);
        await house.FloodAsync(6000);
        string? oldest = null;
        await Eventually.IsAsync("only the newest is left", async () =>
        {
            var page = await house.SendAsync("GET", "/api/v1/events?limit=1000");
            oldest = page["items.0.id"];
            return page.Json.GetProperty("items").GetArrayLength() == 1;
        });
        var expired = (await house.SendAsync("GET", "/api/v1/events?after=0")).IsProblem(HttpStatusCode.Gone, "cursor_expired");
        var rest = (await house.SendAsync("GET", $"/api/v1/events?after={expired["oldest"]}")).Is(HttpStatusCode.OK);
        Assert.Equal(oldest, rest["items.0.id"]);
        using (var stream = await EventSource.AskAsync(house, last: "0"))
            (await Reply.OfAsync(stream)).IsProblem(HttpStatusCode.Gone, "cursor_expired");
        await house.UploadAsync("b", [1]);
        Assert.True(long.Parse((await house.SendAsync("GET", "/api/v1/events"))["next"]!, System.Globalization.CultureInfo.InvariantCulture)
            > long.Parse(oldest!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task What_is_young_stays()
    {
        await using var house = await House.StartAsync(("Events:Keep", "01:00:00"));
        await house.UploadAsync("a", [1]);
        await house.FloodAsync(3000);
        Assert.Equal(3003, (await house.ReadAllAsync("limit=1000")).Count);
        (await house.SendAsync("GET", "/api/v1/events?after=0")).Is(HttpStatusCode.OK);
    }
}
