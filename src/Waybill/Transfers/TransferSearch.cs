using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Transfers;

/// <summary>Which transfers a list shows; null: no matter. Lists begin with the newest.</summary>
sealed record TransferFilter(Scope Scope, string? Product, string? Device, TransferKind? Kind, TransferState? State);

/// <summary>A transfer and whose it is.</summary>
sealed record FoundTransfer(Transfer Transfer, string Product, string Device);

/// <summary>Transfers as edges show them.</summary>
sealed class TransferSearch(Database database)
{
    static readonly string s_select =
        $"select {string.Join(", ", TransferRows.Columns.Split(", ").Select(c => "t." + c))}, p.name, d.name "
        + "from transfers t join devices d on d.id = t.device_id join products p on p.id = d.product_id where ";

    static readonly int s_columns = TransferRows.Columns.Split(", ").Length;

    public async ValueTask<FoundTransfer> GetAsync(long id, CancellationToken ct) =>
        await QueryAsync("t.id = @id", [("id", id)], ct) is [var found] ? found : throw NotFound();

    public Task<IReadOnlyList<FoundTransfer>> ListAsync(TransferFilter filter, long before, int limit, CancellationToken ct)
    {
        var (where, values) = ("t.id < @before", new List<(string, object)> { ("before", before), ("limit", limit) });
        void And(string condition, string name, object? value)
        {
            if (value is null)
                return;
            where += " and " + condition;
            values.Add((name, value));
        }
        foreach (var one in (OneOf[])[new("p.name", "inProduct", filter.Scope.Products), new("d.name", "ofDevice", filter.Scope.Devices)])
        {
            where += one.Sql;
            values.AddRange(one.Values);
        }
        if (filter.Scope.Devices is not null)
            where += $" and t.id in ({OfDevice("d.id")})";
        And("p.name = @product", "product", filter.Product);
        And($"d.name = @device and t.id in ({OfDevice("d.id")})", "device", filter.Device);
        And("t.kind = @kind", "kind", (int?)filter.Kind);
        And("t.state = @state", "state", (int?)filter.State);
        return QueryAsync($"{where} order by t.id desc limit @limit", values, ct);
    }

    /// <summary>What is under way for a device, and what came to a good end last.</summary>
    public Task<IReadOnlyList<FoundTransfer>> OfDeviceAsync(long deviceId, bool open, int limit, CancellationToken ct) => QueryAsync(
        $"t.id in ({OfDevice("@device")}) and {(open ? "t.state < 10" : "t.state = 10")} order by t.id desc limit @limit",
        [("device", deviceId), ("limit", limit)],
        ct);

    /// <summary>Downloads and removals that are open or came to a good end: what the device is meant to hold.</summary>
    public Task<IReadOnlyList<FoundTransfer>> TowardsDeviceAsync(long deviceId, int limit, CancellationToken ct) => QueryAsync(
        $"t.id in ({OfDevice("@device")}) and t.kind <> 0 and t.state <= 10 order by t.id desc limit @limit", [("device", deviceId), ("limit", limit)], ct);

    /// <summary>Ids of a device's transfers: those in the index of names, and the few that are not merged into it yet.</summary>
    public static string OfDevice(string device) =>
        $"""
        select n.id from transfer_names n where n.device_id = {device}
        union all select r.id from transfers r where r.device_id = {device} and r.id > (select next from sequences where name = 'transfer_names')
        """;

    public static RefusedException NotFound() => new("transfer_not_found", "There is no such transfer.");

    /// <summary>Transfers <c>t</c> of devices <c>d</c> of products <c>p</c>.</summary>
    public async Task<IReadOnlyList<FoundTransfer>> QueryAsync(string where, IReadOnlyList<(string Name, object Value)> values, CancellationToken ct)
    {
        await using var db = await database.ReadAsync(ct);
        await using var command = db.CreateCommand();
        command.CommandText = s_select + where;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<FoundTransfer>();
        while (await reader.ReadAsync(ct))
            found.Add(new(TransferRows.Row(reader), reader.GetString(s_columns), reader.GetString(s_columns + 1)));
        return found;
    }
}
