using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Spectre.Console;

namespace Waybill.Cli.Bench;

/// <summary>How many listen, how much happens, and for how long.</summary>
sealed record EventBenchPlan(int Listeners, int All, int Rate, TimeSpan Time)
{
    public BenchPlan Devices => new(Listeners, Time, 1, BenchKind.Create, Acknowledged: true);
}

/// <summary>
/// Devices ask for uploads at a steady pace, which is one event each; listeners note when it reaches them. What is measured begins
/// with the event's time, which is taken before the commit, so that the commit is part of it.
/// </summary>
sealed class EventBench(EventBenchPlan plan, IAnsiConsole console)
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken ct)
    {
        var fleet = plan.Devices;
        await using var waybill = await WaybillPeer.StartAsync(fleet, ct);
        using var http = new HttpClient { BaseAddress = waybill.Api, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", waybill.Key);
        var devices = await EnterAsync(fleet, waybill, ct);
        try
        {
            var some = await FollowAsync(http, Enumerable.Range(0, plan.Listeners).Select(i => $"product={BenchPlan.Product}&device={BenchPlan.Device(i)}"), ct);
            var all = await FollowAsync(http, Enumerable.Repeat("", plan.All), ct);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var hearing = Task.WhenAll(some.Concat(all).Select(l => l.HearAsync(end.Token)));
            console.WriteLine(Text($"{plan.Listeners} listeners of one device each and {plan.All} of all, {plan.Rate} events a second for {plan.Time.TotalSeconds:0} s, after a warm-up."));
            await AskAsync(devices, 1, fleet.WarmUp, ct);
            await HeardAsync(devices, [some, all], ct);
            some.Concat(all).ToList().ForEach(l => l.Begin());
            var (used, begun, before) = (waybill.ProcessorTime, Stopwatch.GetTimestamp(), devices.Sum(d => d.Answers));
            await AskAsync(devices, 2, plan.Time, ct);
            var (seconds, happened) = (Stopwatch.GetElapsedTime(begun).TotalSeconds, devices.Sum(d => d.Answers) - before);
            used = waybill.ProcessorTime - used;
            await HeardAsync(devices, [some, all], ct);
            Show("one device", some);
            Show("all devices", all);
            console.WriteLine(Text($"{happened / seconds:N0} events/s, all heard by all who should; the server used {used.TotalSeconds / seconds:0.00} cores."));
            await end.CancelAsync();
            await hearing;
        }
        finally
        {
            devices.ForEach(d => d.Dispose());
        }
    }

    static async Task<List<BenchDevice>> EnterAsync(BenchPlan fleet, WaybillPeer waybill, CancellationToken ct)
    {
        var devices = new List<BenchDevice>();
        for (var i = 0; i < fleet.Devices; i++)
        {
            devices.Add(new BenchDevice(fleet, BenchPlan.Device(i), WaybillPeer.Connect(BenchPlan.Device(i))));
            await devices[i].EnterAsync(waybill.Port, ct);
        }
        return devices;
    }

    static async Task<List<BenchListener>> FollowAsync(HttpClient http, IEnumerable<string> queries, CancellationToken ct)
    {
        var listeners = new List<BenchListener>();
        foreach (var query in queries)
            listeners.Add(await BenchListener.OpenAsync(http, query, ct));
        return listeners;
    }

    /// <summary>Every device in its turn, all of them within a period.</summary>
    async Task AskAsync(List<BenchDevice> devices, int round, TimeSpan time, CancellationToken ct)
    {
        var period = TimeSpan.FromSeconds((double)devices.Count / plan.Rate);
        var count = Math.Max(1, (int)(time / period));
        await Task.WhenAll(devices.Select((device, i) => device.RunPacedAsync(round, count, period * i / devices.Count, period, ct)));
    }

    /// <summary>Waits until the listeners of one device each have heard everything, and those of all devices too.</summary>
    static async Task HeardAsync(List<BenchDevice> devices, IReadOnlyList<List<BenchListener>> groups, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        var happened = devices.Sum(d => d.Answers);
        while (!patience.IsCancellationRequested)
        {
            if (groups[0].Sum(l => l.Heard) == happened && groups[1].All(l => l.Heard == happened))
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), ct);
        }
        var each = string.Join(", ", groups[1].Select(l => l.Heard));
        throw new InvalidOperationException(Text($"of {happened} events the listeners of one device heard {groups[0].Sum(l => l.Heard)}, those of all {each}"));
    }

    void Show(string who, List<BenchListener> listeners)
    {
        double[] delays = [.. listeners.SelectMany(l => l.Delays).Order()];
        if (delays.Length > 0)
            console.WriteLine(Text($"  {who,-12} p50 {delays[delays.Length / 2],6:0.0} ms   p99 {delays[(int)(delays.Length * 0.99)],6:0.0} ms   most {delays[^1],6:0.0} ms   of {delays.Length} receipts"));
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
