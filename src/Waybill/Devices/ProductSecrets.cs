using Waybill.Data;
using Waybill.Protocols.TencentRegistration;

namespace Waybill.Devices;

/// <summary>The secrets of products: set by an operator, proven by devices. They leave the database only to check a signature.</summary>
sealed class ProductSecrets(Database database, TimeProvider clock)
{
    // so that a signature costs the same where there is nothing to check it with
    const string Nobodys = "0000000000000000";

    /// <summary>A new secret, made here when none is given; the one before is valid for the overlap. Says until when, null where there was none.</summary>
    public async Task<(string Secret, long? PreviousUntil)> SetAsync(string product, string? secret, TimeSpan overlap, CancellationToken ct)
    {
        var now = Now();
        var row = new { product, secret = secret ?? ProductSecret.Make(), now, until = now + (long)overlap.TotalMilliseconds };
        var set = await database.WriteAsync(
            db => db.FirstAsync<SetRow>(
                """
                update products set
                  previous_registration_secret = case when @until > @now then registration_secret end,
                  previous_registration_secret_until = case when @until > @now and registration_secret is not null then @until end,
                  registration_secret = @secret, updated_at = @now
                where name = @product
                returning previous_registration_secret_until as previousUntil
                """,
                row),
            ct) ?? throw ProductRegistry.NotFound(product);
        return (row.secret, set.PreviousUntil);
    }

    /// <summary>The product by whose secret, or the one before, the request is signed.</summary>
    /// <exception cref="RefusedException"><c>signature_wrong</c>: it is not, or there is no such product or secret.</exception>
    public async ValueTask<ProvenProduct> ProveAsync(RegistrationRequest request, CancellationToken ct)
    {
        var row = await database.FirstAsync<SecretRow>(
            """
            select id, dialects, disabled_at as disabledAt, registration_policy as policy, registration_secret as secret,
              previous_registration_secret as previousSecret, previous_registration_secret_until as previousUntil
            from products where name = @Product
            """,
            new { request.Product },
            ct);
        var previous = row?.PreviousUntil > Now() ? row.PreviousSecret : null;
        var byNew = request.IsSignedWith(row?.Secret ?? Nobodys) & row?.Secret is not null;
        var byPrevious = request.IsSignedWith(previous ?? Nobodys) & previous is not null;
        if (!byNew && !byPrevious)
            throw new RefusedException("signature_wrong", "no such product, or not signed with its secret");
        var isTencent = DialectNames.Read(row!.Dialects).Any(DialectNames.IsTencent);
        return new(row.Id, byNew ? row.Secret! : previous!, isTencent ? row.Policy : RegistrationPolicy.Off, row.DisabledAt is not null);
    }

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    sealed class SetRow
    {
        public long? PreviousUntil { get; init; }
    }

    sealed class SecretRow
    {
        public long Id { get; init; }
        public string Dialects { get; init; } = "[]";
        public long? DisabledAt { get; init; }
        public RegistrationPolicy Policy { get; init; }
        public string? Secret { get; init; }
        public string? PreviousSecret { get; init; }
        public long? PreviousUntil { get; init; }
    }
}

/// <summary>A product whose secret a device has shown that it has. Holds that secret: not to be logged.</summary>
sealed record ProvenProduct(long Id, string Secret, RegistrationPolicy Policy, bool Disabled)
{
    public override string ToString() => nameof(ProvenProduct);
}
