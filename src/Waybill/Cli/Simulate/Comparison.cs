namespace Waybill.Cli.Simulate;

/// <summary>A transfer that did not end as it should.</summary>
sealed record Difference(string Device, string Kind, string Name, string Expected, string Found);

/// <summary>Holds what the devices know against what the server says.</summary>
sealed class Comparison(SimulationPlan plan, ApiClient? api, Board board)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    static readonly string[] Open = ["pending", "sent", "in_progress", "paused"];

    public async Task<IReadOnlyList<Difference>> RunAsync(CancellationToken ct)
    {
        if (api is null)
            return [.. board.Transfers.Select(OnDevice).OfType<Difference>()];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(plan.Settle);
        while (true)
        {
            var found = await ListAsync(ct);
            var differences = board.Transfers.Select(t => Of(t, found)).OfType<Difference>().Concat(Unknown(found)).ToList();
            var isSettled = !found.Values.SelectMany(f => f).Any(t => Open.Contains(t.State));
            if (differences.Count == 0 || isSettled || patience.IsCancellationRequested)
                return differences;
            await Task.Delay(Pause, ct);
        }
    }

    static (string, string, string) Key(SimulatedTransfer t) => (t.Device, t.Kind.Word(), t.Name);

    static Difference Not(SimulatedTransfer t, string found) => new(t.Device, t.Kind.Word(), t.Name, t.ExpectedState, found);

    static Difference? Of(SimulatedTransfer t, Dictionary<(string, string, string), List<ApiTransfer>> found) => (OnDevice(t), OnServer(t, found)) switch
    {
        ({ } device, { } server) => device with { Found = $"{device.Found}; on the server: {server.Found}" },
        var (device, server) => device ?? server,
    };

    static Difference? OnDevice(SimulatedTransfer t)
    {
        if (t.Problem is { } problem)
            return Not(t, "on the device: " + problem);
        if (t.Outcome is not { } outcome)
            return Not(t, "on the device: not ended");
        return outcome.IsOk || t.Faults.HasFlag(Faults.FalseDone)
            ? null
            : Not(t, $"on the device: {outcome.Ending} with code {outcome.Code} after {outcome.Attempts} attempts");
    }

    static Difference? OnServer(SimulatedTransfer t, Dictionary<(string, string, string), List<ApiTransfer>> found)
    {
        var same = found.GetValueOrDefault(Key(t)) ?? [];
        if (t.Id is { } id)
            same = [.. same.Where(f => f.Id == id)];
        if (same.Count == 0)
            return Not(t, "not known to the server");
        foreach (var f in same)
        {
            if (f.State != t.ExpectedState)
                return Not(t, string.Join(", ", new[] { f.State, f.Step, f.Reason }.OfType<string>()));
            // Of an upload that never came nobody knows these, and a removal has none
            if (f.State == "ok" && t.Kind != SimulatedKind.Removal && (f.File.Size != t.Content.Size || f.File.Md5 != t.Md5.ToString()))
                return Not(t, $"{f.State}, but of {f.File.Size} bytes with MD5 {f.File.Md5}");
        }
        return null;
    }

    /// <summary>What the server has of this run and no device knows.</summary>
    IEnumerable<Difference> Unknown(Dictionary<(string, string, string), List<ApiTransfer>> found)
    {
        var known = board.Transfers.Select(Key).ToHashSet();
        return found.Where(f => !known.Contains(f.Key)).SelectMany(f => f.Value)
            .Select(t => new Difference(t.Device, t.Kind, t.File.Name, "never asked for", t.State));
    }

    async Task<Dictionary<(string, string, string), List<ApiTransfer>>> ListAsync(CancellationToken ct)
    {
        var found = new Dictionary<(string, string, string), List<ApiTransfer>>();
        string? after = null;
        do
        {
            var page = await api!.TransfersAsync(plan.Product, after, ct);
            foreach (var transfer in page.Items.Where(t => t.File.Name.Contains(plan.Run, StringComparison.Ordinal)))
            {
                var key = (transfer.Device, transfer.Kind, transfer.File.Name);
                if (!found.TryGetValue(key, out var list))
                    found.Add(key, list = []);
                list.Add(transfer);
            }
            after = page.Next;
        }
        while (after is not null);
        return found;
    }
}
