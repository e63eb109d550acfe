using System.Globalization;
using Spectre.Console;

namespace Waybill.Cli.Bench;

/// <summary>Waybill and the floor in turns, so that a noisy machine is noisy for both.</summary>
sealed class SideBySide(BenchPlan plan, IAnsiConsole console)
{
    public async Task RunAsync(CancellationToken ct)
    {
        await using var waybill = await WaybillPeer.StartAsync(plan, ct);
        await using var floor = await FloorPeer.StartAsync(plan, ct);
        using var devices = new Fleet(plan, waybill);
        await devices.EnterAsync(WaybillPeer.Connect, ct);
        if (floor is null)
        {
            console.WriteLine("Mosquitto is not installed: there is nothing to compare with.");
            Show(await MeasureAsync([devices], ct));
            return;
        }
        using var others = new Fleet(plan with { Kind = BenchKind.Create }, floor);
        await others.EnterAsync(FloorPeer.Connect, ct);
        Show(await MeasureAsync([devices, others], ct));
    }

    async Task<IReadOnlyList<Measurement>> MeasureAsync(IReadOnlyList<Fleet> fleets, CancellationToken ct)
    {
        console.WriteLine($"{plan.Message}: {plan.Devices} devices, QoS {(int)plan.Qos}, {plan.Rounds} times {plan.Time.TotalSeconds:0} s each, after a warm-up.");
        foreach (var fleet in fleets)
            await fleet.WarmUpAsync(ct);
        var measured = fleets.Select(_ => new List<Measurement>()).ToList();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            for (var i = 0; i < fleets.Count; i++)
                measured[i].Add(await fleets[i].MeasureAsync(ct));
            console.WriteLine(Text($"round {round}: {string.Join(", the floor ", measured.Select(m => $"{m[^1].Rate:N0}"))} round trips/s"));
        }
        return [.. measured.Select(Measurement.MiddleOf)];
    }

    void Show(IReadOnlyList<Measurement> measured)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("").AddColumn(Right("round trips/s")).AddColumn(Right("p50")).AddColumn(Right("p99")).AddColumn(Right("CPU of the broker, each"));
        Add(table, "Waybill, durable", measured[0]);
        if (measured is [_, var floor])
            Add(table, "Mosquitto and a responder", floor);
        console.Write(table);
        if (measured is [var ours, var theirs])
            console.WriteLine(Text($"{ours.Rate / theirs.Rate:0.00} times the floor."));
    }

    static void Add(Table table, string name, Measurement m) =>
        table.AddRow(name, Text($"{m.Rate:N0}"), Text($"{m.Middle:0.0} ms"), Text($"{m.Slow:0.0} ms"), Text($"{m.Cost:0.0} µs"));

    static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
