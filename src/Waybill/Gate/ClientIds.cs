using Waybill.Devices;
using Waybill.Link;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>
/// Whose a client id is. MQTT gives a session to whoever comes with its client id, which any client may choose: without a look at who
/// it is, an account or one device could end another device's connection, or get what waits for an account.
/// </summary>
static class ClientIds
{
    public const string Taken = "client_id_taken";

    /// <summary>An id that the vendor's SDK makes is that device's alone, even over who had it before the device was registered; any other is his who has a session with it.</summary>
    /// <param name="clientId">That both have.</param>
    /// <param name="who">The <see cref="MqttSession.Tag"/> of who comes.</param>
    /// <param name="older">That of who is there.</param>
    public static MqttTakeover Judge(string clientId, object? who, object? older)
    {
        if (IsSame(who, older))
            return MqttTakeover.Resume;
        return who is DeviceConnection connection && IsOwn(clientId, connection.Device) ? MqttTakeover.Replace : MqttTakeover.Refuse;
    }

    /// <summary>Whether the id is the product and the name of a device, one after the other.</summary>
    public static bool IsOwn(string clientId, DeviceIdentity device) =>
        device.Product.Length == TencentCredentials.ProductLength && clientId.Length == device.Product.Length + device.Name.Length
        && clientId.StartsWith(device.Product, StringComparison.Ordinal) && clientId.EndsWith(device.Name, StringComparison.Ordinal);

    static bool IsSame(object? who, object? older) => (who, older) switch
    {
        (DeviceConnection device, DeviceConnection there) => device.Device.Id == there.Device.Id,
        (AccountTopics account, AccountTopics there) => account.Account == there.Account,
        (UnboundGateway gateway, UnboundGateway there) => gateway.Login.ProductId == there.Login.ProductId,
        // the login is as good as any of the product's gateways, and the one that is back has not yet shown which it is
        (UnboundGateway gateway, DeviceConnection there) => gateway.Login.Product == there.Device.Product,
        _ => false,
    };
}
