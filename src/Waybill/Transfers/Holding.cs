using System.Data.Common;
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
    /// <summary>Ids of a device's changes, the newest first.</summary>
    const string Chain =
        """
        with recursive chain(id, previous) as (
          select c.id, c.previous from held_changes c where c.id = @from
          union all
          select c.id, c.previous from held_changes c join chain on c.id = chain.previous)
        """;

    public async Task<Holding> OfDeviceAsync(long deviceId, int most, CancellationToken ct)
    {
        var orders = await transfers.TowardsDeviceAsync(deviceId, most, ct);
        return Holding.Of(await HeldAsync(deviceId, ct), orders.Select(o => o.Transfer));
    }

    public async Task<HeldFiles> HeldAsync(long deviceId, CancellationToken ct)
    {
        var row = await database.FirstAsync<Row>(
            "select files, changed_at as changedAt, last_change as lastChange from held_files where device_id = @deviceId", new { deviceId }, ct);
        return row is null ? HeldFiles.None(deviceId) : new(deviceId, HeldText.Read(row.Files), row.ChangedAt, row.LastChange);
    }

    /// <summary>The newest first.</summary>
    /// <param name="deviceId">Whose history.</param>
    /// <param name="from">The first one; null: the last change.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<HeldPast>> HistoryAsync(long deviceId, long? from, int limit, CancellationToken ct)
    {
        from ??= (await HeldAsync(deviceId, ct)).LastChange;
        return await database.ListAsync<HeldPast>(
            $"""
            {Chain}
            select id, changed_at as changedAt, files from held_changes
            where device_id = @deviceId and id in (select id from chain limit @limit) order by id desc
            """,
            new { from, deviceId, limit },
            ct);
    }

    /// <summary>With the device.</summary>
    public static async Task ForgetAsync(DbConnection db, long deviceId)
    {
        var from = await db.FirstAsync<long>("select last_change from held_files where device_id = @deviceId", new { deviceId });
        await db.RunAsync($"{Chain} delete from held_changes where id in (select id from chain)", new { from });
        await db.RunAsync("delete from held_files where device_id = @deviceId", new { deviceId });
    }

    sealed class Row
    {
        public string Files { get; init; } = "";
        public long ChangedAt { get; init; }
        public long LastChange { get; init; }
    }
}

/// <summary>A row of <c>held_changes</c>.</summary>
sealed class HeldPast
{
    public long Id { get; init; }
    public long ChangedAt { get; init; }
    public string Files { get; init; } = "";

    public IReadOnlyList<HeldChange> Changes => HeldText.ReadChanges(Files);
}
