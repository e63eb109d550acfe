using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Events;

/// <summary>Server-sent events as a browser takes them.</summary>
sealed class EventSource : IAsyncDisposable
{
    readonly HttpResponseMessage _answer;
    readonly StreamReader _lines;

    EventSource(HttpResponseMessage answer, Stream body) => (_answer, _lines) = (answer, new StreamReader(body));

    /// <summary>The last id that came, with an event or without.</summary>
    public string? Cursor { get; private set; }

    public static async Task<EventSource> OpenAsync(House house, string query = "", string? last = null, string? key = null)
    {
        var answer = await AskAsync(house, query, last, key);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var source = new EventSource(answer, await answer.Content.ReadAsStreamAsync(House.Soon));
        // the place to go on from comes first
        await source.LineAsync();
        return source;
    }

    public static async Task<HttpResponseMessage> AskAsync(House house, string query = "", string? last = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events?" + query);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        return await house.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, House.Soon);
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonElement.Parse(line["data: ".Length..]);
        }
        return null;
    }

    public async Task<List<string?>> TypesAsync(int count)
    {
        List<string?> types = [];
        while (types.Count < count)
            types.Add((await NextAsync())!.Value.GetProperty("type").GetString());
        return types;
    }

    public async Task<string?> LineAsync()
    {
        var line = await _lines.ReadLineAsync(House.Soon);
        if (line?.StartsWith("id: ", StringComparison.Ordinal) == true)
            Cursor = line["id: ".Length..];
        return line;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return default;
    }
}
