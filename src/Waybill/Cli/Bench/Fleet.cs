using System.Diagnostics;
using Waybill.Mqtt.Codec;

namespace Waybill.Cli.Bench;

/// <summary>The devices on one broker, and measurements with them.</summary>
sealed class Fleet(BenchPlan plan, BenchPeer peer) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<BenchDevice> _devices = [];
    int _round;

    public async Task EnterAsync(Func<string, MqttConnect> connect, CancellationToken ct)
    {
        for (var i = 0; i < plan.Devices; i++)
        {
            var device = new BenchDevice(plan, BenchPlan.Device(i), connect(BenchPlan.Device(i)));
            _devices.Add(device);
            await device.EnterAsync(peer.Port, ct);
        }
    }

    public Task WarmUpAsync(CancellationToken ct) => AskAsync(plan.WarmUp, TimeSpan.Zero, ct);

    /// <summary>One measurement, after a short time in which it gets going.</summary>
    public async Task<Measurement> MeasureAsync(CancellationToken ct)
    {
        var before = peer.ProcessorTime;
        await AskAsync(plan.Time / 5, plan.Time, ct);
        var used = peer.ProcessorTime - before;
        long[] times = [.. _devices.SelectMany(d => d.Times).Order()];
        if (times.Length == 0)
            throw new InvalidOperationException("nothing was answered");
        return new(
            times.Length / plan.Time.TotalSeconds, Milliseconds(times[times.Length / 2]), Milliseconds(times[times.Length * 99L / 100]),
            used.TotalMicroseconds / _devices.Sum(d => d.Answers));
    }

    public void Dispose() => _devices.ForEach(d => d.Dispose());

    async Task AskAsync(TimeSpan before, TimeSpan counted, CancellationToken ct)
    {
        var round = ++_round;
        var begin = Stopwatch.GetTimestamp() + (long)(before.TotalSeconds * Stopwatch.Frequency);
        var end = begin + (long)(counted.TotalSeconds * Stopwatch.Frequency);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(before + counted + Patience);
        await Task.WhenAll(_devices.Select(d => d.RunAsync(round, begin, end, patience.Token)));
    }

    static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}

/// <summary>Requests answered in a second, latencies in milliseconds, processor time of the broker for each in microseconds.</summary>
sealed record Measurement(double Rate, double Middle, double Slow, double Cost)
{
    /// <summary>Each figure's middle.</summary>
    public static Measurement MiddleOf(IReadOnlyList<Measurement> all) =>
        new(MiddleOf(all, m => m.Rate), MiddleOf(all, m => m.Middle), MiddleOf(all, m => m.Slow), MiddleOf(all, m => m.Cost));

    static double MiddleOf(IReadOnlyList<Measurement> all, Func<Measurement, double> figure) => all.Select(figure).Order().ElementAt((all.Count - 1) / 2);
}
