using System.Net;
using Waybill.Data;
using Waybill.Tests.Events;
using Xunit;

namespace Waybill.Tests.Webhooks;

public sealed class WebhookStories
{
    static readonly string[] s_upload = ["transfer.sent", "transfer.in_progress", "transfer.ok"];

    [Fact]
    public async Task Events_are_delivered_in_order_and_signed()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.UploadAsync("before", [1]);
        var secret = await house.HookAsync(receiver.Url);
        await house.UploadAsync("after", [1]);
        var types = new List<string?>();
        while (types.Count < 3)
        {
            var received = await receiver.NextAsync();
            received.IsSignedWith(secret);
            Assert.Equal(("events", "1", "hook"), (received.Kind, received.Attempt, received.Json.GetProperty("webhook").GetString()));
            Assert.Equal(received.Ids[^1], received.Json.GetProperty("cursor").GetString());
            types.AddRange(received.Types);
        }
        Assert.Equal(s_upload, types);
        var feed = await house.SendAsync("GET", "/api/v1/events");
        await Eventually.IsAsync("the cursor stands behind what was taken", async () => (await house.LookAsync())["cursor"] == feed["next"]);
        var log = await house.LookAsync("/deliveries");
        Assert.Equal((feed["next"], "200", "True", "1"), (log["items.0.to"], log["items.0.status"], log["items.0.taken"], log["items.0.attempt"]));
        Assert.DoesNotContain(secret, (await house.LookAsync()).Text + (await house.SendAsync("GET", "/api/v1/webhooks")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_hears_what_it_asked_for()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url, ""","product":"ABCDE12345","device":"dev002","types":["transfer.ok"]""");
        await house.UploadAsync("a", [1]);
        await house.UploadAsync("b", [1], "dev002");
        var received = await receiver.NextAsync();
        Assert.Equal(["transfer.ok"], received.Types);
        Assert.Equal("b", received.Json.GetProperty("events")[0].GetProperty("transfer").GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_was_not_taken_is_sent_again()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = r => r.Attempt == "3" ? 200 : 500;
        var secret = await house.HookAsync(receiver.Url, ""","types":["transfer.ok"]""");
        await house.UploadAsync("a", [1]);
        List<Received> all = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Equal(["1", "2", "3"], all.Select(r => r.Attempt));
        Assert.All(all, r => Assert.Equal(all[0].Body, r.Body));
        all[2].IsSignedWith(secret);
        await Eventually.IsAsync("it is in the log", async () => (await house.LookAsync("/deliveries"))["items.0.taken"] == "True");
        var log = await house.LookAsync("/deliveries");
        Assert.Equal(("3", "200", null), (log["items.0.attempt"], log["items.0.status"], log["items.0.error"]));
        Assert.Equal(("2", "500", "answered 500"), (log["items.1.attempt"], log["items.1.status"], log["items.1.error"]));
        var next = await house.SendAsync("GET", $"/api/v1/webhooks/hook/deliveries?limit=2&after={(await house.LookAsync("/deliveries?limit=2"))["next"]}");
        Assert.Equal("1", next["items.0.attempt"]);
        Assert.Equal(("0", null), ((await house.LookAsync())["failures"], (await house.LookAsync())["lastError"]));
    }

    [Fact]
    public async Task Events_are_replayed_from_a_cursor()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.UploadAsync("a", [1]);
        await house.HookAsync(receiver.Url);
        var all = await house.ReadAllAsync("limit=100");
        (await house.TellAsync("replay", $$"""{"after":"{{all[0]}}"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(all[1..], await receiver.IdsAsync(2));
        (await house.TellAsync("replay", """{"after":"0"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(all, await receiver.IdsAsync(3));
        (await house.TellAsync("replay", """{"after":"9000000000000000000"}""")).IsProblem(HttpStatusCode.BadRequest, "cursor_invalid");
        (await house.TellAsync("replay", "{}")).IsProblem(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task A_paused_webhook_sends_nothing_but_tests_and_goes_on_where_it_was()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url);
        Assert.Equal(("True", "paused by request"), ((await house.TellAsync("pause")).Is(HttpStatusCode.OK)["paused"], (await house.LookAsync())["pausedReason"]));
        await house.UploadAsync("a", [1]);
        var test = (await house.TellAsync("test")).Is(HttpStatusCode.OK);
        Assert.Equal(("200", "True", "0", null), (test["status"], test["taken"], test["events"], test["to"]));
        Assert.Equal("test", (await receiver.NextAsync()).Kind);
        Assert.Equal("False", (await house.TellAsync("resume")).Is(HttpStatusCode.OK)["paused"]);
        Assert.Equal(await house.ReadAllAsync("limit=100"), await receiver.IdsAsync(3));
    }

    [Fact]
    public async Task A_webhook_is_paused_after_too_many_failures_and_says_why()
    {
        await using var house = await WebhookPlay.StartAsync(("Webhooks:Attempts", "3"));
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => 503;
        await house.HookAsync(receiver.Url);
        await house.UploadAsync("a", [1]);
        await Eventually.IsAsync("it is paused", async () => (await house.LookAsync())["paused"] == "True");
        var webhook = await house.LookAsync();
        Assert.Equal(("3 attempts in a row failed", "3", "answered 503"), (webhook["pausedReason"], webhook["failures"], webhook["lastError"]));
        for (var i = 0; i < 3; i++)
            await receiver.NextAsync();
        receiver.Answer = _ => 200;
        await house.TellAsync("resume");
        Assert.Equal(await house.ReadAllAsync("limit=100"), await receiver.IdsAsync(3));
    }

    [Fact]
    public async Task A_receiver_that_says_gone_is_left_alone()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => 410;
        await house.HookAsync(receiver.Url);
        await house.UploadAsync("a", [1]);
        await Eventually.IsAsync("it is paused", async () => (await house.LookAsync())["pausedReason"] == "the receiver answered 410 Gone");
    }

    [Fact]
    public async Task A_receiver_that_never_answers_holds_up_no_other()
    {
        await using var house = await WebhookPlay.StartAsync(("Webhooks:Timeout", "00:01:00"));
        await using var silent = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        silent.Answer = _ => 0;
        await house.HookAsync(silent.Url, name: "silent");
        await house.HookAsync(receiver.Url);
        await house.UploadAsync("a", [1]);
        await silent.NextAsync();
        await house.UploadAsync("b", [1]);
        Assert.Equal(await house.ReadAllAsync("limit=100"), await receiver.IdsAsync(6));
        Assert.Equal(0, (await house.LookAsync("/deliveries", "silent")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task No_answer_in_time_is_a_failure()
    {
        await using var house = await WebhookPlay.StartAsync(("Webhooks:Timeout", "00:00:00.2"));
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = r => r.Attempt == "1" ? 0 : 200;
        await house.HookAsync(receiver.Url, ""","types":["transfer.ok"]""");
        await house.UploadAsync("a", [1]);
        await receiver.NextAsync();
        Assert.Equal("2", (await receiver.NextAsync()).Attempt);
        var log = await house.LookAsync("/deliveries");
        Assert.Contains("no answer within 0.2 s", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_server_goes_on_behind_what_was_taken()
    {
        await using var house = await WebhookPlay.StartAsync(("Webhooks:Batch", "1"));
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = r => r.Types[0] == "transfer.sent" ? 200 : 500;
        await house.HookAsync(receiver.Url);
        await house.UploadAsync("a", [1]);
        var all = await house.ReadAllAsync("limit=100");
        while ((await receiver.NextAsync()).Types[0] == "transfer.sent")
        {
        }
        await Eventually.IsAsync("the first was taken", async () => (await house.LookAsync())["cursor"] == all[0]);
        await house.RestartAsync();
        receiver.Answer = _ => 200;
        var heard = new List<string?>();
        while (!heard.Contains(all[2]))
            heard.AddRange((await receiver.NextAsync()).Ids);
        Assert.DoesNotContain(all[0], heard);
        Assert.Contains(all[1], heard);
    }

    [Fact]
    public async Task A_flood_passes_a_slow_receiver_completely_and_in_order()
    {
        await using var house = await WebhookPlay.StartAsync(("Events:Buffer", "16"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url);
        await house.UploadAsync("a", [1]);
        await house.FloodAsync(5000, slice: 100);
        await house.SettledAsync();
        Assert.Equal(await house.ReadAllAsync("limit=1000"), await receiver.IdsAsync(5003));
    }

    [Fact]
    public async Task Where_events_were_lost_the_webhook_is_told_to_replay()
    {
        await using var house = await WebhookPlay.StartAsync(("Events:Keep", "00:00:01"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url, ""","paused":true""");
        await house.UploadAsync("a", [1]);
        await Eventually.IsAsync("events are gone", async () => (await house.SendAsync("GET", "/api/v1/events?after=0")).Status == HttpStatusCode.Gone);
        var oldest = (await house.TellAsync("resume")).IsProblem(HttpStatusCode.Gone, "cursor_expired")["oldest"];
        await Eventually.IsAsync("only the newest is left", async () => (await house.SendAsync("GET", "/api/v1/events")).Json.GetProperty("items").GetArrayLength() == 1);
        oldest = (await house.TellAsync("resume")).IsProblem(HttpStatusCode.Gone, "cursor_expired")["oldest"];
        (await house.TellAsync("replay", $$"""{"after":"{{oldest}}"}""")).Is(HttpStatusCode.OK);
        (await house.TellAsync("resume")).Is(HttpStatusCode.OK);
        Assert.Equal(["transfer.ok"], (await receiver.NextAsync()).Types);
    }

    [Fact]
    public async Task The_log_is_kept_for_a_time()
    {
        await using var house = await WebhookPlay.StartAsync(("Webhooks:Keep", "00:00:01"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url);
        await house.TellAsync("test");
        await Eventually.IsAsync("the log is empty", async () => (await house.LookAsync("/deliveries")).Json.GetProperty("items").GetArrayLength() == 0);
    }

    [Fact]
    public async Task Of_two_nodes_one_delivers()
    {
        await using var house = await WebhookPlay.StartAsync();
        Assert.SkipWhen(house.Get<Database>() is SqliteDatabase, "SQLite has one node.");
        var (registry, ids, settings) = (house.Get<Waybill.Webhooks.WebhookRegistry>(), house.Get<Ids>(), new Waybill.Webhooks.WebhookSettings());
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url);
        await Eventually.IsAsync("the house has the claim", async () =>
            await house.Get<Database>().FirstAsync<long>("select claimed_by from webhooks", null, House.Soon) > 0);
        var other = new Waybill.Webhooks.WebhookProgress(house.Get<Database>(), settings, ids, TimeProvider.System);
        var webhook = await registry.GetAsync("hook", House.Soon);
        Assert.Null(await other.ClaimAsync(webhook, House.Soon));
        Assert.False(await other.MoveAsync(webhook, 0, House.Soon));
        await house.Get<Waybill.Webhooks.WebhookProgress>().LeaveAsync();
        Assert.NotNull(await other.ClaimAsync(webhook, House.Soon));
    }
}
