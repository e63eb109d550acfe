using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>What a gateway is called.</summary>
sealed record GatewayName(string Product, string Gateway);

/// <summary>Names of gateways, by which the API speaks of their jobs.</summary>
sealed class GatewayNames(Database database)
{
    /// <summary>By row id; who was deleted is not among them.</summary>
    public async ValueTask<IReadOnlyDictionary<long, GatewayName>> OfAsync(IEnumerable<long> gatewayIds, CancellationToken ct)
    {
        var ids = new IdList(gatewayIds);
        if (ids.IsEmpty)
            return new Dictionary<long, GatewayName>();
        var rows = await database.ListAsync<Row>(
            $"select d.id, p.name as product, d.name as gateway from devices d join products p on p.id = d.product_id where d.id in {ids.Sql}", ids.With(), ct);
        return rows.ToDictionary(r => r.Id, r => new GatewayName(r.Product, r.Gateway));
    }

    /// <summary>The row id of who has this serial number; null for nobody.</summary>
    public ValueTask<long?> FindAsync(string sn, CancellationToken ct) => database.FirstAsync<long?>("select id from devices where sn = @sn", new { sn }, ct);

    sealed class Row
    {
        public long Id { get; init; }
        public string Product { get; init; } = "";
        public string Gateway { get; init; } = "";
    }
}
