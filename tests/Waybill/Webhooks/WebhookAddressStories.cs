using System.Net;
using Waybill.Data;
using Waybill.Webhooks;
using Xunit;

namespace Waybill.Tests.Webhooks;

public sealed class WebhookAddressStories
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://localhost/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://0.0.0.0/")]
    public async Task Addresses_that_are_not_public_are_refused(string url)
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", "/api/v1/webhooks/hook", $$"""{"url":"{{url}}"}""")).IsProblem(HttpStatusCode.UnprocessableEntity, "webhook_address");
        (await house.LookAsync()).IsProblem(HttpStatusCode.NotFound, "webhook_not_found");
    }

    [Fact]
    public async Task The_address_is_looked_at_again_at_each_connection()
    {
        await using var house = await House.StartAsync(("Webhooks:AllowPrivate", "127.0.0.2/32"));
        await using var receiver = await WebhookReceiver.StartAsync();
        await house.HookAsync(receiver.Url.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal));
        // as if the name meant something else now
        await house.Get<Database>().WriteAsync(db => db.RunAsync("update webhooks set url = @Url", new { receiver.Url }), House.Soon);
        var test = (await house.TellAsync("test")).Is(HttpStatusCode.OK);
        Assert.Equal(("False", null), (test["taken"], test["status"]));
        Assert.Contains("not public", test["error"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task Redirects_are_not_followed(int status)
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = r => r.Path == "/hook" ? status : 200;
        await house.HookAsync(receiver.Url);
        Assert.Equal(("False", $"answered {status}"), ((await house.TellAsync("test"))["taken"], (await house.LookAsync("/deliveries"))["items.0.error"]));
        await house.TellAsync("test");
        Assert.Equal(("/hook", "/hook"), ((await receiver.NextAsync()).Path, (await receiver.NextAsync()).Path));
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.com/"}""", "url")]
    [InlineData("""{"url":"https://user:secret@example.com/"}""", "url")]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"https://192.0.2.1/","types":["transfer.done"]}""", "types")]
    [InlineData("""{"url":"https://192.0.2.1/","types":[null]}""", "types")]
    [InlineData("""{"url":"https://192.0.2.1/","secret":"short"}""", "secret")]
    public async Task Mistakes_are_named(string body, string field)
    {
        await using var house = await House.StartAsync();
        Assert.Equal([field], (await house.SendAsync("PUT", "/api/v1/webhooks/hook", body)).IsProblem(HttpStatusCode.BadRequest, "invalid").Wrong);
    }

    [Fact]
    public async Task A_webhook_keeps_its_place_and_secret_when_it_is_changed()
    {
        await using var house = await WebhookPlay.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var secret = await house.HookAsync("http://127.0.0.1:9/");
        var before = await house.LookAsync();
        var changed = (await house.SendAsync("PUT", "/api/v1/webhooks/hook", $$"""{"url":"{{receiver.Url}}"}""")).Is(HttpStatusCode.OK);
        Assert.Equal((null, before["cursor"]), (changed["secret"], changed["cursor"]));
        await house.TellAsync("test");
        (await receiver.NextAsync()).IsSignedWith(secret);
        (await house.SendAsync("PUT", "/api/v1/webhooks/hook", $$"""{"url":"{{receiver.Url}}","secret":"another-secret-1234"}""")).Is(HttpStatusCode.OK);
        await house.TellAsync("test");
        (await receiver.NextAsync()).IsSignedWith("another-secret-1234");
        (await house.SendAsync("DELETE", "/api/v1/webhooks/hook")).Is(HttpStatusCode.NoContent);
        (await house.TellAsync("test")).IsProblem(HttpStatusCode.NotFound, "webhook_not_found");
    }

    [Theory]
    [InlineData("1.1.1.1", true)]
    [InlineData("2606:4700:4700::1111", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.16.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("10.9.0.1", true)]
    [InlineData("10.8.0.1", false)]
    [InlineData("ff02::1", false)]
    public void Public_addresses_and_configured_ones_are_allowed(string address, bool allowed) =>
        Assert.Equal(allowed, new WebhookAddresses(new() { AllowPrivate = [IPNetwork.Parse("10.9.0.0/16")] }).IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public void Attempts_come_ever_later_up_to_a_bound()
    {
        var settings = new WebhookSettings();
        Assert.InRange(settings.BackOffAfter(1).TotalSeconds, 1, 1.5);
        Assert.InRange(settings.BackOffAfter(4).TotalSeconds, 8, 12);
        Assert.InRange(settings.BackOffAfter(10_000).TotalMinutes, 10, 15);
    }
}
