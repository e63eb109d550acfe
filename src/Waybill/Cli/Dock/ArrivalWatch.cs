using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Dock;

/// <summary>Ticks off the steps of a dock that arrives; of one that hangs it shows the likely cause, and what to do.</summary>
sealed class ArrivalWatch(DockAsk ask, ApiClient api, IAnsiConsole console)
{
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(0.5);

    static readonly Dictionary<string, string> s_words = new(StringComparer.Ordinal)
    {
        ["connected"] = "connected",
        ["signedIn"] = "signed in",
        ["config"] = "configuration asked for and answered",
        ["licence"] = "licence given",
        ["bound"] = "bound to the organization",
        ["topology"] = "topology told",
        ["osd"] = "says how it stands (osd)",
        ["storage"] = "storage can be reached",
    };

    readonly HashSet<string> _told = new(StringComparer.Ordinal);
    string _hanging = "";
    long _since = Stopwatch.GetTimestamp();

    /// <summary>Comes back when the dock has arrived.</summary>
    public Task RunAsync(CancellationToken ct)
    {
        console.WriteLine($"Waiting for {ask.Sn} (Ctrl+C ends the waiting only)…");
        return console.Moves()
            ? console.Live(new Table()).StartAsync(live => FollowAsync(steps => live.UpdateTarget(Table(steps)), ct))
            : FollowAsync(Tell, ct);
    }

    async Task FollowAsync(Action<IReadOnlyList<Step>> show, CancellationToken ct)
    {
        while (true)
        {
            var seen = await api.AskAsync(HttpMethod.Get, $"products/{ask.Product}/devices/{ask.Sn}/arrival", null, ct);
            List<Step> steps = [.. seen.GetProperty("steps").EnumerateArray().Select(Step.Of)];
            Notice(steps);
            show(steps);
            if (seen.GetProperty("done").GetBoolean())
                return;
            await Task.Delay(s_every, ct);
        }
    }

    /// <summary>How long the first step that is missing has been missing.</summary>
    void Notice(IReadOnlyList<Step> steps)
    {
        var hanging = steps.FirstOrDefault(s => !s.IsDone) is { } step ? step.Name + step.Cause : "";
        if (hanging == _hanging)
            return;
        (_hanging, _since) = (hanging, Stopwatch.GetTimestamp());
    }

    /// <summary>Storage waits for nobody.</summary>
    bool Hangs(Step step, IReadOnlyList<Step> steps) =>
        step is { IsDone: false, Cause: not null } && (step == steps[^1] || steps.FirstOrDefault(s => !s.IsDone) == step) && Stopwatch.GetElapsedTime(_since) >= ask.Patience;

    void Tell(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.IsDone && _told.Add(step.Name))
                console.WriteLine($"[x] {Word(step)}");
            else if (Hangs(step, steps) && _told.Add(step.Name + step.Cause))
                console.WriteLine($"[ ] {Word(step)}: {step.Cause} {step.Remedy}");
        }
    }

    Table Table(IReadOnlyList<Step> steps)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn("").AddColumn("").HideHeaders();
        foreach (var step in steps)
        {
            var why = Hangs(step, steps) ? $"[yellow]{Markup.Escape($"{step.Cause} {step.Remedy}")}[/]" : "";
            table.AddRow(step.IsDone ? "[green]✓[/]" : "…", Markup.Escape(Word(step)), why);
        }
        return table;
    }

    static string Word(Step step) => s_words.GetValueOrDefault(step.Name, step.Name);

    sealed record Step(string Name, bool IsDone, string? Cause, string? Remedy)
    {
        public static Step Of(JsonElement step) =>
            new(step.GetProperty("step").GetString()!, step.GetProperty("done").GetBoolean(), step.GetProperty("cause").GetString(), step.GetProperty("remedy").GetString());
    }
}
