using System.Diagnostics;

namespace Waybill.Benchmarks;

/// <summary>The ledger's CPU time, all threads, lowest of many turns: on a noisy machine it says more than elapsed time.</summary>
static class CpuCost
{
    const int Turns = 40;
    const int Batches = 50;

    public static async Task<int> RunAsync()
    {
        var bench = new LedgerBenchmark();
        await bench.OpenAsync();
        await TurnAsync(bench.Create, 4 * Batches);
        await TurnAsync(bench.Progress, 4 * Batches);
        await TurnAsync(bench.Versions, 4 * Batches);
        var (create, progress, versions) = (new List<double>(), new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            create.Add(await TurnAsync(bench.Create, Batches));
            progress.Add(await TurnAsync(bench.Progress, Batches));
            versions.Add(await TurnAsync(bench.Versions, Batches));
        }
        await bench.CloseAsync();
        Print("create", create);
        Print("progress", progress);
        Print("versions", versions);
        return 0;
    }

    static async Task<double> TurnAsync(Func<Task> batch, int batches)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < batches; i++)
            await batch();
        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / (batches * LedgerBenchmark.Devices);
    }

    static void Print(string name, List<double> costs)
    {
        costs.Sort();
        Console.WriteLine($"{name,-9} {costs[0]:F2} us of CPU per message at best, {costs[costs.Count / 2]:F2} in the middle");
    }
}
