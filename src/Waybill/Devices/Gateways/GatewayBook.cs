using System.Data.Common;
using System.Text;
using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>Products of gateways as the line reads them, within its transactions: what is answered is what the database says now.</summary>
sealed class GatewayBook([FromKeyedServices(SealedText.Secrets)] SealedText seal, GatewayDefaults defaults)
{
    /// <summary>Null when there is no such product.</summary>
    /// <param name="db">Of the running transaction, or for reading.</param>
    /// <param name="productId">Row id.</param>
    /// <param name="sns">Whose bindings are wanted.</param>
    public async ValueTask<GatewayProduct?> LoadAsync(DbConnection db, long productId, IReadOnlyList<string> sns)
    {
        var found = await db.FirstAsync<GatewaySettings>(
            """
            select dji_mode as mode, dji_app_id as appId, dji_app_key as appKey, dji_app_license as appLicense, dji_ntp_host as ntpHost,
              dji_ntp_port as ntpPort, dji_issuer as issuer, dji_bucket as bucket
            from products where id = @productId
            """,
            new { productId });
        if (found is null)
            return null;
        var settings = defaults.Fill(found with { AppKey = Open(found.AppKey), AppLicense = Open(found.AppLicense) });
        var rows = await db.ListAsync<OrganizationRow>(
            "select id, name, binding_code as sealedCode from organizations where product_id = @productId order by id", new { productId });
        List<Organization> organizations = [.. rows.Select(r => new Organization(r.Id, r.Name, Open(r.SealedCode) ?? ""))];
        return new(settings, organizations, await BindingsAsync(db, productId, sns, organizations));
    }

    /// <summary>Who was bound before is bound anew. What belongs to an organization that is gone is passed over.</summary>
    public static async ValueTask BindAsync(DbConnection db, long productId, IReadOnlyList<Binding> bindings, long now)
    {
        foreach (var binding in bindings.OrderBy(b => b.Sn, StringComparer.Ordinal))
        {
            await db.RunAsync(
                """
                insert into bindings (product_id, sn, organization_id, callsign, bound_at)
                select product_id, @Sn, id, @Callsign, @now from organizations where product_id = @productId and id = @organization
                on conflict (product_id, sn) do update set organization_id = excluded.organization_id, callsign = excluded.callsign, bound_at = excluded.bound_at
                """,
                new { productId, binding.Sn, organization = binding.Organization.Id, binding.Callsign, now });
        }
    }

    static async ValueTask<IReadOnlyDictionary<string, Binding>> BindingsAsync(
        DbConnection db, long productId, IReadOnlyList<string> sns, List<Organization> organizations)
    {
        if (sns.Count == 0 || organizations.Count == 0)
            return new Dictionary<string, Binding>(StringComparer.Ordinal);
        var named = new OneOf("sn", "named", sns);
        var rows = await db.ListAsync<BindingRow>(
            $"select sn, organization_id as organizationId, callsign from bindings where product_id = @productId{named.Sql}", named.With(new { productId }));
        var byId = organizations.ToDictionary(o => o.Id, StringComparer.Ordinal);
        return rows.Where(r => byId.ContainsKey(r.OrganizationId))
            .ToDictionary(r => r.Sn, r => new Binding(r.Sn, byId[r.OrganizationId], r.Callsign), StringComparer.Ordinal);
    }

    string? Open(string? sealedText) => sealedText is not null && seal.Read(sealedText) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    sealed class OrganizationRow
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string SealedCode { get; init; } = "";
    }

    sealed class BindingRow
    {
        public string Sn { get; init; } = "";
        public string OrganizationId { get; init; } = "";
        public string Callsign { get; init; } = "";
    }
}
