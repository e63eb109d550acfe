using System.Globalization;
using System.Text;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>One HTTP exchange as a vendor's client does it, header for header.</summary>
sealed class PlayedRequest(HttpStep step, string kind, TranscriptWords words)
{
    public async Task SendAsync()
    {
        using var http = await WireHttp.ConnectAsync(step.Url);
        var body = step.Request.TryGetValue("body", out var content) ? words.Content(content) : default;
        var sent = step.Request.TryGetValue("drop", out var drop) ? body[..int.Parse(drop, CultureInfo.InvariantCulture)] : body;
        await http.WriteAsync(Head(body.Length), sent);
        if (step.Status == "broken")
            http.Break();
        else
            await CheckAsync(http);
    }

    async Task CheckAsync(WireHttp http)
    {
        var head = await http.ReadHeadAsync();
        Assert.StartsWith($"HTTP/1.1 {step.Status} ", head[0], StringComparison.Ordinal);
        foreach (var (name, value) in step.ResponseHeaders)
            Assert.Equal(value, WireHttp.Header(head, WireHttp.Canonical(name)));
        if (!step.Response.TryGetValue("body", out var content))
            return;
        var length = long.Parse(WireHttp.Header(head, "Content-Length")!, CultureInfo.InvariantCulture);
        var body = await http.ReadBodyAsync(step.Take ?? length);
        Assert.True(words.Content(content).Span.SequenceEqual(body), $"other bytes than {content}");
        if (step.Take is not null)
            http.Break();
    }

    string Head(int length)
    {
        var head = new StringBuilder($"{step.Method} {step.Url.PathAndQuery} HTTP/1.1\r\nHost: {step.Url.Authority}\r\n");
        if (step.Method == "PUT")
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {(kind is "c3" or "v4" or "java" ? "image/jpeg" : "application/x-www-form-urlencoded")}\r\n").Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        else if (kind is "c" or "c3" or "v4")
            head.Append("Accept: */*\r\nAccept-Encoding: gzip, deflate\r\n");
        if (kind == "python")
            head.Append("Connection: close\r\n");
        foreach (var (key, value) in step.Request)
            head.Append(Line(key, value));
        return head.Append("\r\n").ToString();
    }

    string Line(string key, string value) => key switch
    {
        "body" or "drop" or "take" => "",
        "content-md5" => kind switch { "c" => $"Content-MD5:{value}\r\n", "python" => $"Content-Md5: {value}\r\n", _ => $"Content-MD5: {value}\r\n" },
        "range" => $"Range: bytes={value}\r\n",
        _ => $"{key}: {value.Replace('_', ' ')}\r\n",
    };
}
