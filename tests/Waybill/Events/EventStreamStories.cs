using System.Globalization;
using System.Net;
using Waybill.Events;
using Xunit;

namespace Waybill.Tests.Events;

public sealed class EventStreamStories
{
    static readonly string[] s_upload = ["transfer.sent", "transfer.in_progress", "transfer.ok"];

    [Fact]
    public async Task A_listener_hears_what_happens_from_now_on()
    {
        await using var house = await House.StartAsync();
        await house.UploadAsync("before", [1]);
        await using var source = await EventSource.OpenAsync(house);
        await house.UploadAsync("after", [1]);
        var first = (await source.NextAsync())!.Value;
        Assert.Equal(("transfer.sent", "after"), (first.GetProperty("type").GetString(), first.GetProperty("transfer").GetProperty("name").GetString()));
        Assert.Equal(source.Cursor, first.GetProperty("id").GetString());
        Assert.Equal(s_upload[1..], await source.TypesAsync(2));
    }

    [Fact]
    public async Task A_listener_goes_on_where_it_left()
    {
        await using var house = await House.StartAsync();
        await house.UploadAsync("a", [1]);
        await using var replay = await EventSource.OpenAsync(house, "after=0");
        Assert.Equal(s_upload, await replay.TypesAsync(3));
        await house.UploadAsync("b", [1]);
        Assert.Equal(s_upload[..2], await replay.TypesAsync(2));
        await using var again = await EventSource.OpenAsync(house, "after=0", last: replay.Cursor);
        Assert.Equal(["transfer.ok"], await again.TypesAsync(1));
        await house.UploadAsync("c", [1]);
        Assert.Equal(s_upload, await again.TypesAsync(3));
    }

    [Fact]
    public async Task Listeners_hear_what_they_asked_for_and_nothing_else()
    {
        await using var house = await House.StartAsync();
        await using var device = await EventSource.OpenAsync(house, "product=ABCDE12345&device=dev002");
        await using var type = await EventSource.OpenAsync(house, "product=ABCDE12345&type=transfer.ok");
        await using var name = await EventSource.OpenAsync(house, "device=dev001&type=transfer.ok,transfer.sent");
        await house.UploadAsync("a", [1]);
        await house.UploadAsync("b", [1], "dev002");
        var first = (await device.NextAsync())!.Value;
        Assert.Equal(("dev002", "transfer.sent"), (first.GetProperty("device").GetString(), first.GetProperty("type").GetString()));
        Assert.Equal(["transfer.ok", "transfer.ok"], await type.TypesAsync(2));
        Assert.Equal(["transfer.sent", "transfer.ok"], await name.TypesAsync(2));
    }

    [Fact]
    public async Task A_thousand_listeners_hear_the_same()
    {
        await using var house = await House.StartAsync();
        var sources = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => EventSource.OpenAsync(house, i % 2 == 0 ? "" : "product=ABCDE12345&device=dev001")));
        await house.UploadAsync("a", [1]);
        foreach (var types in await Task.WhenAll(sources.Select(s => s.TypesAsync(3))))
            Assert.Equal(s_upload, types);
        foreach (var source in sources)
            await source.DisposeAsync();
    }

    [Fact]
    public async Task A_silent_feed_beats_and_moves_the_cursor_on()
    {
        await using var house = await House.StartAsync(("Events:Heartbeat", "00:00:00.1"));
        await using var source = await EventSource.OpenAsync(house, "device=other");
        await house.UploadAsync("a", [1]);
        var head = (await house.SendAsync("GET", "/api/v1/events"))["next"];
        while (Number(source.Cursor) < Number(head))
            Assert.NotNull(await source.LineAsync());
    }

    [Fact]
    public async Task A_listener_that_is_too_slow_is_ended_and_loses_nothing()
    {
        await using var house = await House.StartAsync(("Events:Buffer", "16"));
        await house.UploadAsync("a", [1]);
        await using var source = await EventSource.OpenAsync(house, "after=0");
        await source.TypesAsync(3);
        await house.FloodAsync(30_000);
        var heard = 0;
        while (await source.NextAsync() is not null)
            heard++;
        Assert.InRange(heard, 0, 29_999);
        await using var again = await EventSource.OpenAsync(house, last: source.Cursor);
        await again.TypesAsync(30_000 - heard);
        Assert.Equal((await house.Get<EventLog>().HeadAsync(House.Soon)).ToString(CultureInfo.InvariantCulture), again.Cursor);
    }

    [Fact]
    public async Task Nothing_is_left_out_between_the_past_and_the_present()
    {
        await using var house = await House.StartAsync();
        await house.UploadAsync("a", [1]);
        var flood = house.FloodAsync(5_000, slice: 50);
        var sources = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EventSource.OpenAsync(house, "after=0")));
        await flood;
        var all = await house.ReadAllAsync("limit=1000");
        foreach (var opened in sources)
        {
            var (source, heard) = (opened, new List<string?>());
            while (heard.Count < all.Count)
            {
                if (await source.NextAsync() is { } told)
                {
                    heard.Add(told.GetProperty("id").GetString());
                    continue;
                }
                // nobody read while the flood came in, so the server may have ended it
                var cursor = source.Cursor;
                await source.DisposeAsync();
                source = await EventSource.OpenAsync(house, last: cursor);
            }
            Assert.Equal(all, heard);
            await source.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_wrong_cursor_is_refused_before_the_stream_begins()
    {
        await using var house = await House.StartAsync();
        using var answer = await EventSource.AskAsync(house, last: "99999999");
        (await Reply.OfAsync(answer)).IsProblem(HttpStatusCode.BadRequest, "cursor_invalid");
    }

    [Fact]
    public async Task There_are_no_more_streams_than_configured()
    {
        await using var house = await House.StartAsync(("Events:Listeners", "1"));
        await using (await EventSource.OpenAsync(house))
        {
            using var refused = await EventSource.AskAsync(house);
            (await Reply.OfAsync(refused)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_listeners");
        }
        await Eventually.IsAsync("the place is free again", async () =>
        {
            using var answer = await EventSource.AskAsync(house);
            return answer.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams()
    {
        await using var house = await House.StartAsync();
        await using var source = await EventSource.OpenAsync(house);
        await house.RestartAsync();
        Assert.Null(await source.NextAsync());
    }

    static long Number(string? cursor) => long.Parse(cursor!, CultureInfo.InvariantCulture);
}
