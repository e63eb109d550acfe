using System.Data.Common;
using Waybill.Data;
using Waybill.Objects.Credentials.Issuers;

namespace Waybill.Devices.Gateways;

/// <summary>Where a product's gateways put what they upload.</summary>
/// <param name="Issuer">Whose credentials they get.</param>
/// <param name="Bucket">As it was set; null: it was not.</param>
/// <param name="Gateway">As <c>product/device</c>.</param>
sealed record GatewayStorage(string Issuer, string? Bucket, string Gateway)
{
    /// <summary>Null: the issuer has one of its own and needs none.</summary>
    public string? BucketOf(IssuerSettings issuer) => issuer.Bucket ?? Bucket ?? (issuer.Kind == StorageKind.Ours ? GatewaySettings.UsualBucket : null);
}

/// <summary>Which storage the gateways of a product are told to use.</summary>
sealed class GatewayStorages(Database database)
{
    public async ValueTask<GatewayStorage> OfAsync(long gatewayId, CancellationToken ct)
    {
        var row = await database.FirstAsync<StorageRow>(
            "select p.dji_issuer as issuer, p.dji_bucket as bucket, p.name || '/' || d.name as gateway from devices d join products p on p.id = d.product_id where d.id = @gatewayId", new { gatewayId }, ct)
            ?? throw new RefusedException("device_not_found", "The gateway was deleted.");
        return new(row.Issuer ?? IssuerSettings.Ours, row.Bucket, row.Gateway);
    }

    /// <summary>The product whose gateway it is, within a transaction.</summary>
    public static ValueTask<long> ProductOfAsync(DbConnection db, long gatewayId) => db.FirstAsync<long>("select product_id from devices where id = @gatewayId", new { gatewayId });

    sealed class StorageRow
    {
        public string? Issuer { get; init; }
        public string? Bucket { get; init; }
        public string Gateway { get; init; } = "";
    }
}
