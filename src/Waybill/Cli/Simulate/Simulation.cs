using System.Diagnostics;

namespace Waybill.Cli.Simulate;

/// <summary>Devices that upload and fetch until the plan is done, and the comparison of what they know with what the server knows.</summary>
sealed class Simulation(SimulationPlan plan, ApiClient? api) : IAsyncDisposable
{
    /// <summary>Different files in the product's library; devices take turns through them.</summary>
    const int MostLibraryFiles = 16;

    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    readonly SocketsHttpHandler _http = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
    readonly List<(string Name, PatternContent Content)> _library = [];

    public SimulationPlan Plan => plan;

    public Board Board { get; } = new();

    /// <summary>Makes the product, its devices and the files that are to be fetched.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (api is null)
            return;
        await api.PutProductAsync(plan.Product, "Simulated devices", plan.Dialects, ct);
        await api.ImportDevicesAsync(plan.Product, Enumerable.Range(0, plan.Devices).Select(plan.Device), plan.Secret, ct);
        var dice = new Random(plan.Seed);
        for (var i = 0; i < Math.Min(plan.Downloads, MostLibraryFiles); i++)
        {
            var content = new PatternContent(dice.Next(), dice.NextInt64(plan.LeastSize, plan.MostSize + 1));
            var name = $"down-{plan.Run}-{i}.bin";
            await api.PutFileAsync(plan.Product, name, content, ct);
            _library.Add((name, content));
        }
    }

    /// <summary>Runs every device to its end, or until nothing has happened for as long as the server may take to settle.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        bool IsOver() => Stopwatch.GetElapsedTime(begun) >= plan.Duration;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var devices = Task.WhenAll(Enumerable.Range(0, plan.Devices).Select(i => RunAsync(i, IsOver, stop.Token)));
        var (seen, at) = (Board.Activity, Stopwatch.GetTimestamp());
        while (await Task.WhenAny(devices, Task.Delay(Look, ct)) != devices)
        {
            if (seen != Board.Activity)
                (seen, at) = (Board.Activity, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(at) > plan.Settle)
                await stop.CancelAsync();
        }
        try
        {
            await devices;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // What stands still is among the differences
        }
    }

    /// <summary>Waits until the server has brought everything to its end, and tells what ended otherwise than it should.</summary>
    public Task<IReadOnlyList<Difference>> CompareAsync(CancellationToken ct) => new Comparison(plan, api, Board).RunAsync(ct);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return default;
    }

    async Task RunAsync(int index, Func<bool> isOver, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromSeconds(index / plan.ConnectRate), ct);
        await using var device = SimulatedDevice.Make(plan, index, _http, Board);
        await device.StartAsync(ct);
        var run = new DeviceRun(plan, index, device, Board);
        await Task.WhenAll(
            run.UploadsAsync(isOver, ct),
            api is null ? Task.CompletedTask : run.DownloadsAsync(api, _library, isOver, ct));
        if (api is not null && device is SimulatedExplorerDevice)
            await run.RemovalsAsync(api, _library, ct);
    }
}
