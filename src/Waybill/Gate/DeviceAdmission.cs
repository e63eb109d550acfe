using System.Net;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Mqtt.Broker;

namespace Waybill.Gate;

/// <summary>What an admitted client becomes on its session: a device with its dialects and URL base, or an application account.</summary>
sealed class DeviceAdmission(IEnumerable<IDialect> dialects, DeviceUrlBase urlBase, MqttAccountLogin accounts)
{
    readonly IDialect[] _dialects = [.. dialects];

    public DeviceConnection Device(MqttSession session, DeviceIdentity device) => new(session, device)
    {
        Dialects = [.. _dialects.Where(d => device.Dialects.Contains(d.Name))],
        UrlBase = urlBase.For(device, (session.LocalEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback),
    };

    public async ValueTask<object> AccountAsync(string name, ReadOnlyMemory<byte> password, CancellationToken ct) =>
        await accounts.AdmitAsync(name, password, ct);
}
