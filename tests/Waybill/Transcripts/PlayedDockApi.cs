using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>What a transcript of a dock does and sees through the API.</summary>
sealed class PlayedDockApi(Func<HttpClient> api)
{
    public const string Product = "docks";
    public const string Secret = "typed into Pilot 2";

    static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(50);

    public async Task RegisterAsync()
    {
        await SendAsync("PUT", $"products/{Product}", """{"name":"Docks","dialects":["dji"]}""");
        await SendAsync("PUT", $"products/{Product}/devices/{PlayedDock.Sn}", $$"""{"secret":"{{Secret}}"}""");
    }

    public async Task StoreAsync(string name, string version, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        (await Reply.OfAsync(await api().PutAsync(new Uri($"/api/v1/products/{Product}/files/{name}/{version}?type=FILE", UriKind.Relative), body, House.Soon))).Is(HttpStatusCode.Created);
    }

    public Task PlayAsync(string[] words) => words switch
    {
        ["licence", var id, var key, var licence, var ntp] =>
            SendAsync("PATCH", $"products/{Product}", $$"""{"dji":{"appId":"{{id}}","appKey":"{{key}}","appLicense":"{{licence}}","ntpHost":"{{ntp}}"} }"""),
        ["organization", var id, var code, var name] =>
            SendAsync("PUT", $"products/{Product}/organizations/{id}", $$"""{"name":"{{name.Replace('_', ' ')}}","bindingCode":"{{code}}"}"""),
        ["presence", "online"] => ShowsAsync($"products/{Product}/devices/{PlayedDock.Sn}", d => d.GetProperty("presence").GetProperty("connected").GetBoolean()),
        ["firmware", var sn, var version] => ShowsAsync($"products/{Product}/devices/{sn}", d => d.TryGetProperty("firmware", out var f) && f.GetString() == version),
        ["media", var count] => ShowsAsync($"products/{Product}/devices/{PlayedDock.Sn}/files", f => f.GetProperty("items").GetArrayLength() == int.Parse(count)),
        ["log", "list", .. var modules] => SendAsync("POST", "logs", $$"""{"product":"{{Product}}","gateway":"{{PlayedDock.Sn}}","modules":{{Texts(modules)}} }"""),
        ["log", "upload", .. var choices] => UploadAsync(choices),
        ["log", "cancel", .. var modules] => OfNewestAsync("logs", id => SendAsync("POST", $"logs/{id}/cancel", $$"""{"modules":{{Texts(modules)}} }""")),
        ["log", var property, var value] => NewestShowsAsync("logs", property, value),
        ["upgrade", "state" or "code", _] => NewestShowsAsync("upgrades", words[1], words[2]),
        ["upgrade", .. var targets] =>
            SendAsync("POST", "upgrades", $$"""{"product":"{{Product}}","gateway":"{{PlayedDock.Sn}}","devices":[{{string.Join(',', targets.Select(Target))}}]}"""),
        _ => throw new InvalidOperationException("No such step."),
    };

    /// <summary>The dock's list is waited for.</summary>
    async Task UploadAsync(string[] choices)
    {
        await NewestShowsAsync("logs", "state", "listed");
        var files = choices.Select(c => c.Split(':')).Select(c => $$"""{"module":"{{c[0]}}","bootIndexes":[{{c[1]}}]}""");
        await OfNewestAsync("logs", id => SendAsync("POST", $"logs/{id}/upload", $$"""{"files":[{{string.Join(',', files)}}]}"""));
    }

    /// <summary><c>sn=file/version:type</c></summary>
    static string Target(string text)
    {
        var parts = text.Split('=', '/', ':');
        return $$"""{"sn":"{{parts[0]}}","file":{"name":"{{parts[1]}}","version":"{{parts[2]}}"},"type":{{parts[3]}}}""";
    }

    static string Texts(string[] words) => JsonSerializer.Serialize(words);

    async Task SendAsync(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new(method), $"/api/v1/{path}") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        (await Reply.OfAsync(await api().SendAsync(request, House.Soon))).Is(HttpStatusCode.OK, HttpStatusCode.Created);
    }

    async Task<JsonElement> GetAsync(string path) => (await Reply.OfAsync(await api().GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), House.Soon))).Is(HttpStatusCode.OK).Json;

    async Task OfNewestAsync(string kind, Func<string, Task> work)
    {
        var list = await GetAsync($"{kind}?limit=1");
        await work(list.GetProperty("items")[0].GetProperty("id").GetString()!);
    }

    Task NewestShowsAsync(string kind, string property, string value) =>
        ShowsAsync($"{kind}?limit=1", list => list.GetProperty("items")[0].GetProperty(property).ToString() == value);

    async Task ShowsAsync(string path, Func<JsonElement, bool> isSeen)
    {
        var patience = House.Soon;
        var seen = "";
        while (!patience.IsCancellationRequested)
        {
            var answer = await GetAsync(path);
            if (isSeen(answer))
                return;
            seen = answer.ToString();
            await Task.Delay(s_glance, CancellationToken.None);
        }
        Assert.Fail($"stays {seen}");
    }
}
