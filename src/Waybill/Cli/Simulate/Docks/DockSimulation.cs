namespace Waybill.Cli.Simulate.Docks;

/// <summary>Docks that arrive, give their logs and are upgraded, and what of that the API shows as it should.</summary>
sealed class DockSimulation(DockPlan plan, ApiClient api)
{
    readonly DockApi _api = new(api, plan);

    public DockPlan Plan => plan;

    public DockBoard Board { get; } = new();

    /// <summary>Makes the product with its licence and organization, the docks and a package of firmware.</summary>
    public Task PrepareAsync(CancellationToken ct) => _api.PrepareAsync(ct);

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, plan.Docks).Select(i => RunAsync(i, ct)));

    async Task RunAsync(int index, CancellationToken ct)
    {
        await using var run = new DockRun(plan, index, _api, Board);
        await run.RunAsync(ct);
    }
}
