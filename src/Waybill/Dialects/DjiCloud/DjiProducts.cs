using System.Data.Common;
using Waybill.Devices.Gateways;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>Products in the words of this dialect.</summary>
static class DjiProducts
{
    /// <summary>The product of the dock that asks, with the bindings of whom it asks for.</summary>
    public static async ValueTask<(long Id, DjiProduct Product)> LoadAsync(DbConnection db, GatewayBook book, DjiHeard heard)
    {
        var id = await GatewayStorages.ProductOfAsync(db, heard.Device.Id);
        var sns = heard.Said is DjiBindStatusAsked asked ? asked.Sns : [];
        return (id, await book.LoadAsync(db, id, sns) is { } found ? Of(found) : new() { IsOwner = !heard.Device.IsShared });
    }

    static DjiProduct Of(GatewayProduct found) => new()
    {
        IsOwner = found.Settings.Mode == GatewayMode.Owner,
        Licence = found.Settings is { AppId: { } id, AppKey: { } key, AppLicense: { } licence } settings
            ? new(id, key, licence, settings.NtpHost ?? "pool.ntp.org", settings.NtpPort ?? DjiConfig.DefaultNtpPort)
            : null,
        Organizations = found.Organizations,
        Bindings = found.Bindings,
    };
}
