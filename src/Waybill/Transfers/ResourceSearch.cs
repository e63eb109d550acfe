using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Transfers;

/// <summary>Transfers by the name of what they move; null: no matter.</summary>
sealed record ResourceFilter(Scope Scope, params TransferKind[] Kinds)
{
    public long? ProductId { get; init; }
    public long? DeviceId { get; init; }
    public string? Name { get; init; }

    /// <summary>Changed at or after this time, in Unix milliseconds.</summary>
    public long? Since { get; init; }

    /// <summary>Changed at or before this time.</summary>
    public long? Until { get; init; }

    public IReadOnlyList<TransferState>? States { get; init; }

    /// <summary>All of them, not of each device and name the newest only.</summary>
    public bool Older { get; init; }
}

/// <summary>What the vendor's cloud calls resources of devices: of each device and name the newest transfer.</summary>
sealed class ResourceSearch(TransferSearch transfers, Database database)
{
    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<FoundTransfer>> ListAsync(ResourceFilter filter, int offset, int limit, CancellationToken ct) =>
        transfers.QueryAsync($"{Where(filter)} order by t.id desc limit @limit offset @offset", [.. Values(filter), ("limit", limit), ("offset", offset)], ct);

    public async ValueTask<FoundTransfer?> NewestAsync(ResourceFilter filter, CancellationToken ct) => await ListAsync(filter, 0, 1, ct) is [var newest] ? newest : null;

    /// <summary>How many there are in which state.</summary>
    public async ValueTask<IReadOnlyDictionary<TransferState, int>> CountAsync(ResourceFilter filter, CancellationToken ct)
    {
        var values = new Dapper.DynamicParameters();
        foreach (var (name, value) in Values(filter))
            values.Add(name, value);
        var counts = await database.ListAsync<StateCount>(
            $"select t.state as state, count(*) as count from transfers t where {Where(filter)} group by t.state", values, ct);
        return counts.ToDictionary(c => (TransferState)c.State, c => (int)c.Count);
    }

    static string Where(ResourceFilter filter)
    {
        var where = $"t.id in ({Ids(filter)})";
        if (filter.Since is not null)
            where += " and t.updated_at >= @since";
        if (filter.Until is not null)
            where += " and t.updated_at <= @until";
        if (filter.States is { } states)
            where += states.Count == 0 ? " and 1 = 0" : $" and t.state in ({string.Join(", ", states.Cast<int>())})";
        return where;
    }

    /// <summary>Those in the index of names, and the few that are not merged into it yet.</summary>
    static string Ids(ResourceFilter filter)
    {
        var devices = filter.DeviceId is not null ? "= @device" : $"in (select d.id from devices d join products p on p.id = d.product_id where {Owner(filter)})";
        string Of(string row) =>
            $"select {row}.device_id, {row}.kind, {row}.name, {row}.id from {(row == "n" ? "transfer_names" : "transfers")} {row} "
            + $"where {row}.kind in ({string.Join(", ", filter.Kinds.Cast<int>())}) and {row}.device_id {devices}"
            + (filter.Name is null ? "" : $" and {row}.name = @name");
        var all = $"({Of("n")} union all {Of("r")} and r.id > (select next from sequences where name = 'transfer_names')) x";
        return filter.Older ? $"select x.id from {all}" : $"select max(x.id) from {all} group by x.device_id, x.name";
    }

    static string Owner(ResourceFilter filter) => (filter.ProductId is null ? "1 = 1" : "p.id = @product") + InScope(filter.Scope).Sql;

    static OneOf InScope(Scope scope) => new("p.name", "inProduct", scope.Products);

    static IEnumerable<(string Name, object Value)> Values(ResourceFilter filter)
    {
        IEnumerable<(string Name, object? Value)> all =
            [("device", filter.DeviceId), ("product", filter.DeviceId is null ? filter.ProductId : null), ("name", filter.Name), ("since", filter.Since), ("until", filter.Until)];
        return all.Where(v => v.Value is not null).Select(v => (v.Name, v.Value!)).Concat(filter.DeviceId is null ? InScope(filter.Scope).Values : []);
    }

    sealed class StateCount
    {
        public short State { get; init; }
        public long Count { get; init; }
    }
}
