using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>A binding as people see it.</summary>
sealed record KnownBinding
{
    public string Sn { get; init; } = "";
    public string OrganizationId { get; init; } = "";
    public string OrganizationName { get; init; } = "";
    public string Callsign { get; init; } = "";
    public long BoundAt { get; init; }
}

/// <summary>Which gateways, and devices behind them, belong to which organization of their product. They bind themselves.</summary>
sealed class Bindings(Database database)
{
    public ValueTask<IReadOnlyList<KnownBinding>> ListAsync(Product product, string after, int limit, CancellationToken ct) =>
        database.ListAsync<KnownBinding>(
            """
            select b.sn, b.organization_id as organizationId, o.name as organizationName, b.callsign, b.bound_at as boundAt
            from bindings b join organizations o on o.product_id = b.product_id and o.id = b.organization_id
            where b.product_id = @Id and b.sn > @after order by b.sn limit @limit
            """,
            new { product.Id, after, limit },
            ct);

    public async Task DeleteAsync(Product product, string sn, CancellationToken ct)
    {
        if (await database.WriteAsync(db => db.RunAsync("delete from bindings where product_id = @Id and sn = @sn", new { product.Id, sn }), ct) == 0)
            throw new RefusedException("binding_not_found", $"Nothing with the serial number '{sn}' is bound in this product.");
    }
}
