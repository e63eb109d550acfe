using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Devices;

/// <summary>Sessions hold what their product was when they began: where it is another now, they begin anew.</summary>
sealed class ProductSessions(DeviceConnections connections, ProductLoginSessions logins, GrantedTransfers granted)
{
    /// <param name="before">Null: there was none.</param>
    /// <param name="after">As it is now.</param>
    /// <param name="newPassword">The login has another password.</param>
    public void CutIfOthers(Product? before, Product after, bool newPassword)
    {
        if (before is null)
            return;
        if (newPassword || before.LoginUser != after.LoginUser)
            logins.Cut(after.Id);
        if (before.DialectsText == after.DialectsText && before.DeviceUrl == after.DeviceUrl && before.DisabledAt == after.DisabledAt)
            return;
        granted.Forget();
        logins.Cut(after.Id);
        foreach (var connection in connections.All.Where(c => c.Device.Product == after.Name))
            connection.Cut();
    }
}
