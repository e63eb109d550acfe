using System.Data.Common;
using System.Text;
using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>Writes what gateways make of a product, within the transaction that writes the product.</summary>
sealed class GatewayRows([FromKeyedServices(SealedText.Secrets)] SealedText seal)
{
    /// <param name="db">Of the running transaction.</param>
    /// <param name="product">As it is now.</param>
    /// <param name="wish">What is to be.</param>
    /// <param name="login">The new login's hash, made before: it takes long.</param>
    /// <param name="replaces">Whether what is not said goes.</param>
    /// <exception cref="RefusedException"><c>user_taken</c>, <c>login_incomplete</c>.</exception>
    public async ValueTask<Product> SaveAsync(DbConnection db, Product product, GatewayWish wish, byte[]? login, bool replaces)
    {
        if (wish.Settings is not null || replaces)
            await SaveAsync(db, product.Id, wish.Settings, keeps: !replaces);
        if (wish.Login is { User: not "" } wanted)
            await SaveAsync(db, product, wanted, login);
        else if (wish.Login is not null || replaces)
            await db.RunAsync("update products set login_user = null, login_hash = null where id = @Id", new { product.Id });
        return (await db.FirstAsync<Product>($"select {Product.Columns} from products where id = @Id", new { product.Id }))!;
    }

    async ValueTask SaveAsync(DbConnection db, long id, GatewayChange? change, bool keeps)
    {
        var values = change ?? new();
        var (mode, port) = keeps ? ("dji_mode", "dji_ntp_port") : ("0", "null");
        // where the block is given, a secret that nobody repeats stays
        var keepsSecrets = keeps || change is not null;
        await db.RunAsync(
            $"""
            update products set dji_mode = coalesce(@mode, {mode}), dji_ntp_port = nullif(coalesce(@NtpPort, {port}), 0),
              {Set("dji_app_id", "AppId", keeps)}, {Set("dji_ntp_host", "NtpHost", keeps)}, {Set("dji_issuer", "Issuer", keeps)},
              {Set("dji_bucket", "Bucket", keeps)}, {Set("dji_app_key", "key", keepsSecrets)}, {Set("dji_app_license", "license", keepsSecrets)}
            where id = @id
            """,
            new
            {
                id,
                mode = (int?)values.Mode,
                values.NtpPort,
                values.AppId,
                values.NtpHost,
                values.Issuer,
                values.Bucket,
                key = Close(values.AppKey),
                license = Close(values.AppLicense),
            });
    }

    static async ValueTask SaveAsync(DbConnection db, Product product, LoginChange wanted, byte[]? hash)
    {
        if ((wanted.User ?? product.LoginUser) is not { } user || (hash is null && product.LoginUser is null))
            throw new RefusedException("login_incomplete", "A new login needs a user and a password: send login.user and login.password.");
        var row = new { product.Id, user, hash };
        var taken = await db.FirstAsync<long?>(
            "select id from products where login_user = @user and id <> @Id union all select id from devices where sn = @user limit 1", row);
        if (taken is not null)
            throw new RefusedException("user_taken", $"'{user}' is another product's login or a device's serial number: take another login.user.");
        await db.RunAsync($"update products set login_user = @user{(hash is null ? "" : ", login_hash = @hash")} where id = @Id", row);
    }

    static string Set(string column, string value, bool keeps) =>
        keeps ? $"{column} = case when @{value} is null then {column} else nullif(@{value}, '') end" : $"{column} = nullif(@{value}, '')";

    /// <summary>Null and empty mean what they mean.</summary>
    string? Close(string? text) => string.IsNullOrEmpty(text) ? text : seal.Write(Encoding.UTF8.GetBytes(text));
}
