using System.Globalization;
using System.Text;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>One HTTP exchange as the file server of a transcript: checks the request, answers as written.</summary>
sealed class PlayedResponse(WireHttp http, HttpStep step, TranscriptWords words, string bodyType)
{
    /// <param name="mayBreakOff">The device was told to stop, and may leave in the middle of its body.</param>
    public async Task ServeAsync(bool mayBreakOff)
    {
        var head = await http.ReadHeadAsync();
        Assert.Equal($"{step.Method} {step.Url.PathAndQuery} HTTP/1.1", head[0]);
        if (step.Request.TryGetValue("content-md5", out var md5))
            Assert.Equal(md5, WireHttp.Header(head, "Content-MD5"));
        if (step.Request.TryGetValue("range", out var range))
            Assert.Equal($"bytes={range}", WireHttp.Header(head, "Range"));
        if (step.Method == "PUT" && !await IsWholeAsync(head, mayBreakOff))
            return;
        var answer = new StringBuilder($"HTTP/1.1 {step.Status} As Written\r\n");
        foreach (var (name, value) in step.ResponseHeaders)
            answer.Append(CultureInfo.InvariantCulture, $"{WireHttp.Canonical(name)}: {value}\r\n");
        if (!step.Response.ContainsKey("content-length"))
            answer.Append("Content-Length: 0\r\n");
        if (!step.Response.ContainsKey("connection"))
            answer.Append("Connection: close\r\n");
        await http.WriteAsync(answer.Append("\r\n").ToString(), step.Response.TryGetValue("body", out var content) ? words.Content(content) : default);
    }

    async Task<bool> IsWholeAsync(IReadOnlyList<string> head, bool mayBreakOff)
    {
        Assert.Equal(bodyType, WireHttp.Header(head, "Content-Type"));
        var content = words.Content(step.Request["body"]);
        var length = int.Parse(WireHttp.Header(head, "Content-Length")!, CultureInfo.InvariantCulture);
        Assert.Equal(content.Length, length);
        var body = await http.ReadBodyAsync(length);
        Assert.True(content.Span.StartsWith(body), "other bytes than announced");
        Assert.True(mayBreakOff || body.Length == length, "the device broke off");
        return body.Length == length;
    }
}
