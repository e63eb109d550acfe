using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Waybill.Tests.Webhooks;

/// <summary>A request that came, before its answer.</summary>
sealed record Received(string Path, IHeaderDictionary Headers, byte[] Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Kind => Headers["Waybill-Event"].ToString();

    public string Attempt => Headers["Waybill-Attempt"].ToString();

    public List<string?> Ids => [.. Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetString())];

    public List<string?> Types => [.. Json.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString())];

    /// <summary>As the documentation tells receivers to do it.</summary>
    public void IsSignedWith(string secret)
    {
        var parts = Headers["Waybill-Signature"].ToString().Split(',').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var signed = Encoding.UTF8.GetBytes(parts["t"] + ".").Concat(Body).ToArray();
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed)), parts["v1"]);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture), 0, 30);
    }
}

/// <summary>A program that webhooks are sent to: a server of its own. Answers 200 until it is told otherwise.</summary>
sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(k => k.Limits.MaxRequestBodySize = 1 << 20);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The status; 0: no answer until the other side hangs up.</summary>
    public Func<Received, int> Answer { get; set; } = _ => 200;

    public string Url => _app.Urls.First() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync(House.Soon);
        return receiver;
    }

    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync(House.Soon);

    /// <summary>Events until so many have come.</summary>
    public async Task<List<string?>> IdsAsync(int count)
    {
        var ids = new List<string?>();
        while (ids.Count < count)
            ids.AddRange((await NextAsync()).Ids);
        return ids;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task AnswerAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var received = new Received(http.Request.Path, http.Request.Headers, body.ToArray());
        var status = Answer(received);
        // the headers belong to the request, which ends with the answer
        _received.Writer.TryWrite(received with { Headers = new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value)) });
        if (status == 0)
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Response.StatusCode = status == 0 ? 500 : status;
        if (status is 302 or 307)
            http.Response.Headers.Location = "/elsewhere";
    }
}

static class WebhookPlay
{
    public static Task<House> StartAsync(params ReadOnlySpan<(string Key, string? Value)> settings) =>
        House.StartAsync([("Webhooks:AllowPrivate", "127.0.0.0/8"), ("Webhooks:BackOff", "00:00:00.02"), .. settings]);

    /// <summary>The webhook's secret.</summary>
    public static async Task<string> HookAsync(this House house, string url, string more = "", string name = "hook") =>
        (await house.SendAsync("PUT", $"/api/v1/webhooks/{name}", $$"""{"url":"{{url}}"{{more}}}""")).Is(System.Net.HttpStatusCode.Created)["secret"]!;

    public static Task<Reply> TellAsync(this House house, string what, string? json = null, string name = "hook") =>
        house.SendAsync("POST", $"/api/v1/webhooks/{name}/{what}", json);

    public static Task<Reply> LookAsync(this House house, string what = "", string name = "hook") => house.SendAsync("GET", $"/api/v1/webhooks/{name}{what}");
}
