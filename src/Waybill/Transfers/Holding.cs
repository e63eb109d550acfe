using Waybill.Data;

namespace Waybill.Transfers;

/// <summary>What a device holds against what it is meant to hold, which is what open transfers and the last that were <c>ok</c> say.</summary>
sealed record Holding(HeldFiles Held, IReadOnlyList<HeldDifference> Differences)
{
    /// <param name="held">The record.</param>
    /// <param name="orders">Downloads and removals that are open or <c>ok</c>, the newest first.</param>
    public static Holding Of(HeldFiles held, IEnumerable<Transfer> orders) => new(
        held,
        [.. from order in orders.DistinctBy(o => o.Name)
            let has = held.Find(order.Name)?.Version
            let wanted = order.Kind == TransferKind.Removal ? null : order.Version
            where has != wanted
            select new HeldDifference(order.Name, has, wanted, order.IsOpen ? order : null)]);

    /// <summary>For a list that may be cut.</summary>
    public IReadOnlyList<HeldFile> MostUsefulFirst() =>
        Held.MostUsefulFirst(name => Differences.Any(d => d.Name == name && d is { Wanted: null, Open: not null }));
}

/// <param name="Name">Of the file.</param>
/// <param name="Has">The version the device has; null: none.</param>
/// <param name="Wanted">The version it is meant to have; null: none.</param>
/// <param name="Open">What will change that; null: nothing is under way, the device lost it or has another by itself.</param>
sealed record HeldDifference(string Name, string? Has, string? Wanted, Transfer? Open);

/// <summary>What devices hold, as edges show it.</summary>
sealed class Holdings(Database database, TransferSearch transfers)
{
    public async Task<Holding> OfDeviceAsync(long deviceId, int most, CancellationToken ct)
    {
        var orders = await transfers.TowardsDeviceAsync(deviceId, most, ct);
        return Holding.Of(await HeldAsync(deviceId, ct), orders.Select(o => o.Transfer));
    }

    public async Task<HeldFiles> HeldAsync(long deviceId, CancellationToken ct)
    {
        var row = await database.FirstAsync<Row>("select files, changed_at as changedAt from held_files where device_id = @deviceId", new { deviceId }, ct);
        return row is null ? HeldFiles.None(deviceId) : HeldFiles.FromText(deviceId, row.Files, row.ChangedAt);
    }

    /// <summary>The newest first.</summary>
    public ValueTask<IReadOnlyList<HeldPast>> HistoryAsync(long deviceId, (long At, string Name) before, int limit, CancellationToken ct) =>
        database.ListAsync<HeldPast>(
            """
            select changed_at as changedAt, name, version, type from held_history
            where device_id = @deviceId and (changed_at < @At or (changed_at = @At and name > @Name))
            order by changed_at desc, name limit @limit
            """,
            new { deviceId, before.At, before.Name, limit },
            ct);

    sealed class Row
    {
        public string Files { get; init; } = "";
        public long ChangedAt { get; init; }
    }
}

/// <summary>A row of <c>held_history</c>.</summary>
sealed class HeldPast
{
    public long ChangedAt { get; init; }
    public string Name { get; init; } = "";
    public string? Version { get; init; }
    public string Type { get; init; } = "";
}
