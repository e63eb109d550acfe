using Waybill.Devices;
using Waybill.Link;

namespace Waybill.Gate;

/// <summary>Who a client says to be. Of one that was let in it is who he is.</summary>
/// <param name="Product">Null where it says nothing of one, and the name that it gave is in none.</param>
/// <param name="Device">Registered or not; null where it names none.</param>
/// <param name="User">The account, serial number or login; null where the user name is a Tencent SDK's.</param>
sealed record Claim(string? Product, string? Device, string? User)
{
    public bool IsRegistered { get; init; }

    /// <summary>No account, product or device has the user name: it may well be a serial number that nobody registered.</summary>
    public bool IsOfNobody { get; init; }

    /// <summary>Before anybody looks whether there is such a device.</summary>
    public static Claim Of(string client, string? user, DeviceCertificate? certificate)
    {
        var name = user is not null && (MqttAccount.IsName(user) || RegistryNames.IsDevice(user)) ? user : null;
        if (certificate?.Product is not null)
            return new(certificate.Product, certificate.Device, name);
        return name is null && TencentCredentials.TryNames(client, out var product, out var device) ? new(product, device, null) : new(null, null, name);
    }

    /// <param name="who">The session's tag.</param>
    /// <param name="named">The device whose topic it used, which counts where its login is that of many.</param>
    public static Claim Of(object? who, string? named = null) => who switch
    {
        DeviceConnection { Device: var device } => new(device.Product, device.Name, null) { IsRegistered = true },
        UnboundGateway { Login: var login } => new(login.Product, named, login.User),
        AccountTopics account => new(null, null, account.Account),
        _ => new(null, null, null),
    };
}
