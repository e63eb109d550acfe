namespace Waybill.Devices;

/// <summary>
/// Orders for one gateway take turns, so that two of them cannot both find it free: the rows of different kinds of jobs know nothing of
/// each other. Gateways share a fixed number of turns.
/// </summary>
sealed class GatewayTurns(GatewayConditions conditions) : IDisposable
{
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Runs the work, given how the gateway stands now, while no other order for it runs.</summary>
    public async Task<T> RunAsync<T>(long gatewayId, Func<GatewayCondition, Task<T>> work, CancellationToken ct)
    {
        var turn = _turns[(int)((ulong)gatewayId % (ulong)_turns.Length)];
        await turn.WaitAsync(ct);
        try
        {
            return await work(conditions.Of(gatewayId));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
            turn.Dispose();
    }
}
