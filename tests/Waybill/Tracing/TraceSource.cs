using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Tracing;

/// <summary>A trace as a program reads it.</summary>
sealed class TraceSource : IAsyncDisposable
{
    readonly HttpResponseMessage _answer;
    readonly StreamReader _lines;
    readonly StringBuilder _all = new();

    TraceSource(HttpResponseMessage answer, Stream body) => (_answer, _lines) = (answer, new StreamReader(body));

    /// <summary>Everything that was read, word for word.</summary>
    public string All => _all.ToString();

    /// <summary>What it began with.</summary>
    public JsonElement Begin { get; private set; }

    public static async Task<TraceSource> OpenAsync(House house, string device = "ABCDE12345/dev001", string query = "", string? key = null)
    {
        var answer = await AskAsync(house, device, query, key);
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var source = new TraceSource(answer, await answer.Content.ReadAsStreamAsync(House.Soon));
        source.Begin = (await source.NextAsync())!.Value;
        Assert.Equal("begin", What(source.Begin));
        return source;
    }

    public static async Task<HttpResponseMessage> AskAsync(House house, string device = "ABCDE12345/dev001", string query = "", string? key = null)
    {
        var parts = device.Split('/');
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/products/{parts[0]}/devices/{parts[1]}/trace{query}");
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        return await house.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, House.Soon);
    }

    public static string? What(JsonElement line) => line.GetProperty("what").GetString();

    /// <summary>The next line; null at the end.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (await _lines.ReadLineAsync(House.Soon) is { } line)
        {
            _all.AppendLine(line);
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonElement.Parse(line["data: ".Length..]);
        }
        return null;
    }

    /// <summary>The next line of this kind that says this somewhere.</summary>
    public async Task<JsonElement> NextAsync(string what, string saying = "")
    {
        while (await NextAsync() is { } line)
        {
            if (What(line) == what && line.GetRawText().Contains(saying, StringComparison.Ordinal))
                return line;
        }
        throw new EndOfStreamException($"The trace ended before {what} {saying}: {All}");
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return default;
    }
}
