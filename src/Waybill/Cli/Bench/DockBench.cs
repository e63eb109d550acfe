using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Bench;

/// <summary>How many docks, how many logs are ordered in a second, and for how long.</summary>
sealed record DockBenchPlan(int Docks, double Rate, TimeSpan Time)
{
    public const string Product = "docks";
    public const string Secret = "measured dock";

    public static string Dock(int index) => $"4TADOCK{index:D6}";

    public static string Aircraft(int index) => $"4TADRONE{index:D6}";

    /// <summary>A dock has one open request at most, so each is asked once.</summary>
    public int Orders => Math.Min(Docks, (int)(Rate * Time.TotalSeconds));
}

/// <summary>
/// Docks that are on line and say how they and their aircraft stand every other second; logs are ordered from some of them. What is
/// measured: what that costs the server, and how long an order takes to its dock and back.
/// </summary>
sealed class DockBench(DockBenchPlan plan, IAnsiConsole console)
{
    /// <summary>Docks that connect at a time.</summary>
    const int AtOnce = 32;

    static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly ConcurrentQueue<double> _there = [];
    readonly ConcurrentQueue<double> _back = [];
    int _refused;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var waybill = await WaybillPeer.StartAsync(new(1, plan.Time, 1, BenchKind.Create, Acknowledged: true), ct);
        using var api = new ApiClient(waybill.Api, waybill.Key);
        await RegisterAsync(api, ct);
        var docks = await EnterAsync(waybill.Port, ct);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var saying = Task.WhenAll(docks.Select((d, i) => d.SayAsync(BenchDock.Pace * i / docks.Length, end.Token)));
        try
        {
            console.WriteLine(Text($"{plan.Docks} docks on line, each with osd of its own and its aircraft's every 2 s and a state every 30 s; after a warm-up {plan.Time.TotalSeconds:0} s without and {plan.Time.TotalSeconds:0} s with logs."));
            await Task.Delay(s_warmUp, ct);
            Show("osd and state alone", await UsedAsync(waybill, () => Task.Delay(plan.Time, ct)));
            Show(Text($"and {plan.Rate:0.#} log requests a second"), await UsedAsync(waybill, () => OrderAllAsync(api, docks, ct)));
            Show("POST until the command is at the dock", _there);
            Show("POST until the dock's list is committed", _back);
            if (_refused > 0)
                console.WriteLine(Text($"  {_refused} orders were not answered as they should."));
        }
        finally
        {
            await end.CancelAsync();
            await saying;
            foreach (var dock in docks)
                await dock.DisposeAsync();
        }
    }

    static async Task<(double Cores, double Seconds)> UsedAsync(WaybillPeer waybill, Func<Task> act)
    {
        var (used, begun) = (waybill.ProcessorTime, Stopwatch.GetTimestamp());
        await act();
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return ((waybill.ProcessorTime - used).TotalSeconds / seconds, seconds);
    }

    async Task RegisterAsync(ApiClient api, CancellationToken ct)
    {
        var product = new JsonObject { ["name"] = "Measured docks", ["dialects"] = new JsonArray("dji") };
        await api.AskAsync(HttpMethod.Put, $"products/{DockBenchPlan.Product}", product, ct);
        await api.ImportDevicesAsync(DockBenchPlan.Product, Enumerable.Range(0, plan.Docks).Select(DockBenchPlan.Dock), DockBenchPlan.Secret, ct);
    }

    async Task<BenchDock[]> EnterAsync(int port, CancellationToken ct)
    {
        var docks = new BenchDock[plan.Docks];
        await Parallel.ForAsync(0, plan.Docks, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (i, token) => docks[i] = await BenchDock.EnterAsync(i, port, token));
        return docks;
    }

    /// <summary>At their times, whether or not those before are done.</summary>
    async Task OrderAllAsync(ApiClient api, BenchDock[] docks, CancellationToken ct)
    {
        var chosen = docks.ToArray();
        new Random(1).Shuffle(chosen);
        var begun = Stopwatch.GetTimestamp();
        var orders = new List<Task>();
        for (var i = 0; i < plan.Orders; i++)
        {
            var wait = TimeSpan.FromSeconds(i / plan.Rate) - Stopwatch.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, ct);
            orders.Add(OrderAsync(api, chosen[i], ct));
        }
        await Task.WhenAll(orders);
    }

    async Task OrderAsync(ApiClient api, BenchDock dock, CancellationToken ct)
    {
        var order = new JsonObject { ["product"] = DockBenchPlan.Product, ["gateway"] = dock.Sn, ["modules"] = new JsonArray("0", "3") };
        var begun = Stopwatch.GetTimestamp();
        try
        {
            var asked = dock.NextAsync(s_patience, ct);
            await api.AskAsync(HttpMethod.Post, "logs", order, ct);
            var (there, back) = await asked;
            _there.Enqueue(Stopwatch.GetElapsedTime(begun, there).TotalMilliseconds);
            _back.Enqueue(Stopwatch.GetElapsedTime(begun, back).TotalMilliseconds);
        }
        catch (Exception e) when (e is ApiException or TimeoutException)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    void Show(string what, (double Cores, double Seconds) used) => console.WriteLine(Text($"  {what,-42} {used.Cores * 100,5:0.0} % of one core"));

    void Show(string what, IEnumerable<double> measured)
    {
        double[] delays = [.. measured.Order()];
        if (delays.Length > 0)
            console.WriteLine(Text($"  {what,-42} p50 {delays[delays.Length / 2],6:0.0} ms   p99 {delays[(int)(delays.Length * 0.99)],6:0.0} ms   most {delays[^1],6:0.0} ms   of {delays.Length}"));
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
