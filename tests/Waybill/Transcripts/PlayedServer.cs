using System.Text.RegularExpressions;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>The platform of a transcript, with the device library and its application on the other side.</summary>
sealed partial class PlayedServer(TranscriptServer platform, Transcript transcript) : IAsyncDisposable
{
    readonly TranscriptWords _words = new();
    readonly Queue<TranscriptStep> _steps = new(transcript.Steps);
    readonly List<(string Pattern, string? Answer)> _maySay = [];
    PlayedApplication? _app;

    bool IsExplorer => transcript.Device is "c3" or "v4" or "java";

    public TranscriptStep? NextStep => _steps.TryPeek(out var step) ? step : null;

    public static async Task<PlayedServer> StartAsync(Transcript transcript) => new(await TranscriptServer.StartAsync(), transcript);

    public Task PlayNextAsync()
    {
        var step = _steps.Dequeue();
        switch (step.Mark)
        {
            case ">":
                return HearAsync(_words.Fill(step.Text));
            case ">?":
                _maySay.Add((AnyPercent(_words.Fill(step.Text)), NextStep is { Mark: "<" } ? _words.Fill(_steps.Dequeue().Text) : null));
                return Task.CompletedTask;
            case "<":
                platform.Say(Captured(step.Text));
                return Task.CompletedTask;
            case "!":
                return ServeAsync(HttpStep.Parse(_words.Fill(step.Text)));
            default:
                return OutsideAsync(step.Text.Split(' '));
        }
    }

    public async Task NothingIsLeftAsync()
    {
        await _app!.EndAsync();
        while (platform.Heard.TryRead(out var left))
            Assert.True(TryAnswer(left), $"heard {left}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await platform.DisposeAsync();
    }

    async Task HearAsync(string expected)
    {
        while (await platform.Heard.ReadAsync(House.Soon) is var heard && heard != expected)
            Assert.True(TryAnswer(heard), $"heard {heard}");
        _maySay.Clear();
    }

    /// <summary>What the device may say meanwhile is answered meanwhile.</summary>
    async Task ServeAsync(HttpStep step)
    {
        using var leave = new CancellationTokenSource();
        var answering = AnswerAsync(leave.Token);
        using var http = await platform.AcceptAsync(House.Soon);
        await new PlayedResponse(http, step, _words, IsExplorer ? "image/jpeg" : "application/x-www-form-urlencoded").ServeAsync(mayBreakOff: _app!.IsStopped);
        await leave.CancelAsync();
        await answering;
    }

    async Task AnswerAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.WhenAny(platform.Heard.WaitToReadAsync(ct).AsTask());
            while (platform.Heard.TryPeek(out var heard) && TryAnswer(heard))
                platform.Heard.TryRead(out _);
            if (platform.Heard.TryPeek(out _))
                return;
        }
    }

    bool TryAnswer(string heard)
    {
        foreach (var (pattern, answer) in _maySay)
        {
            if (!Regex.IsMatch(heard, pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
                continue;
            if (answer is not null)
                platform.Say(answer);
            return true;
        }
        return false;
    }

    async Task OutsideAsync(string[] words)
    {
        switch (words)
        {
            case ["content", ..]:
                _words.Define(string.Join(' ', words));
                break;
            case ["connect"]:
                _app = IsExplorer
                    ? await PlayedExplorer.StartAsync(platform.MqttPort, transcript)
                    : await PlayedHub.StartAsync(platform.MqttPort, transcript, _words);
                await platform.SubscribedAsync();
                // Unless it asks by itself, it takes what is pushed
                if (!transcript.Steps.Any(s => s is { Mark: "*", Text: "app fetch" }))
                    _app.Receive();
                break;
            case ["disconnect"]:
                platform.Disconnect();
                break;
            case ["app", "upload", var name, var content, ..]:
                _app!.Upload(name, _words.Content(content).ToArray(), announced: words is [.., "as", var other] ? other : content);
                break;
            case ["app", "fetch"]:
                await _app!.FetchAsync();
                break;
            case ["cancel", ..]:
                _app!.IsStopped = true;
                break;
            case ["state", _, _, "ok" or "failed" or "canceled"]:
                Assert.Equal(words[^1], (await _app!.OutcomeAsync(words[1])).Ending.ToString(), ignoreCase: true);
                break;
        }
    }

    /// <summary>The line with every variable filled; a URL met for the first time becomes one of this server's, and so does a token.</summary>
    string Captured(string line)
    {
        var text = _words.Fill(Url().Replace(line, platform.Files + "/o/${url}").Replace("{token}", "t0ken", StringComparison.Ordinal));
        Assert.True(_words.Matches(line, text));
        return text;
    }

    static string AnyPercent(string json) => "^" + Percent().Replace(Regex.Escape(json), "\"percent\":${quote}\\d+${quote}") + "$";

    [GeneratedRegex(@"\{(?<url>url\d?)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Url();

    [GeneratedRegex("\"percent\":(?<quote>\"?)\\d+\"?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Percent();
}
