using System.Data.Common;
using Waybill.Data;

namespace Waybill.Devices.Gateways;

/// <summary>A serial number that something else has. Whose it is learns only who may see it.</summary>
sealed class SerialTakenException(string sn, string product) : Exception("The serial number is taken.")
{
    public const string Code = "sn_taken";

    public string TextFor(Scope scope) =>
        $"'{sn}' is in use by {(scope.Covers(product) ? $"product '{product}'" : "another product")} already, and a serial number is unique over all products with the dialect {DialectNames.Dji}: "
        + "delete the other, or name this one otherwise.";
}

/// <summary>
/// The names of devices of products with the dialect dji, who come in by them alone: unique over all such products, and no product's
/// login. The index <c>devices_sn</c> holds it where two requests meet.
/// </summary>
static class SerialNumbers
{
    /// <summary>The column's value for a new device, from its statement's values.</summary>
    public const string OfNew = $"""(select case when dialects like {IsDji} then @name end from products where id = @product)""";

    /// <summary>The same where devices make themselves: whose number is taken comes in by other dialects only.</summary>
    public const string OfSelfMade =
        $"(select case when dialects like {IsDji} and not exists (select 1 from devices where sn = @name) then @name end from products where id = @product)";

    const string IsDji = """'%"dji"%'""";

    /// <exception cref="SerialTakenException">It is not free.</exception>
    public static async ValueTask DemandFreeAsync(DbConnection db, Product product, string sn)
    {
        if (product.IsDji && await HolderAsync(db, product.Id, sn) is { } holder)
            throw new SerialTakenException(sn, holder);
    }

    /// <summary>After its dialects have changed.</summary>
    /// <exception cref="SerialTakenException">A device's number is not free.</exception>
    public static async ValueTask ChangeAsync(DbConnection db, Product? before, Product after)
    {
        if (before is null || before.IsDji == after.IsDji)
            return;
        if (after.IsDji && await FirstClashAsync(db, after.Id) is { } clash)
            throw new SerialTakenException(clash.Sn, clash.Product);
        await db.RunAsync($"update devices set sn = {(after.IsDji ? "name" : "null")}, updated_at = @UpdatedAt where product_id = @Id", new { after.Id, after.UpdatedAt });
    }

    /// <summary>The other product that has the number, as a device or as its login; null: it is free.</summary>
    public static ValueTask<string?> HolderAsync(DbConnection db, long productId, string sn) => db.FirstAsync<string>(
        """
        select p.name from devices d join products p on p.id = d.product_id where d.sn = @sn and d.product_id <> @productId
        union all select name from products where login_user = @sn
        limit 1
        """,
        new { productId, sn });

    static ValueTask<Clash?> FirstClashAsync(DbConnection db, long productId) => db.FirstAsync<Clash>(
        """
        select * from (
          select d.name as sn, p.name as product from devices d join devices o on o.sn = d.name and o.product_id <> @productId join products p on p.id = o.product_id
          where d.product_id = @productId
          union all select d.name as sn, p.name as product from devices d join products p on p.login_user = d.name where d.product_id = @productId
        ) clashes order by sn limit 1
        """,
        new { productId });

    sealed class Clash
    {
        public string Sn { get; init; } = "";
        public string Product { get; init; } = "";
    }
}
