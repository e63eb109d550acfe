using System.Net;
using System.Text;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Gate;

/// <summary>Who a client is: a device with its dialects and the base of its URLs, or an application account.</summary>
sealed class Admission(IEnumerable<IDialect> dialects, DeviceLogin devices, MqttAccountLogin accounts, DeviceUrlBase urlBase, TimeProvider clock)
{
    readonly IDialect[] _dialects = [.. dialects];

    /// <summary>A <see cref="DeviceConnection"/> or <see cref="AccountTopics"/>.</summary>
    /// <exception cref="RefusedException">With the reason for the log.</exception>
    public async ValueTask<object> AdmitAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        if (connect.UserName is not { } user || connect.Password is not { } password)
            throw new RefusedException("credentials_missing", "user name and password are required");
        if (TencentCredentials.Parse(session.ClientId, user, password.Span) is { } credentials)
            return Device(session, await devices.AdmitAsync(credentials, ct));
        return new AccountTopics(await accounts.AdmitAsync(user, Encoding.UTF8.GetString(password.Span), ct));
    }

    DeviceConnection Device(MqttSession session, DeviceIdentity device) => new(session, device)
    {
        Dialects = [.. _dialects.Where(d => device.Dialects.Contains(d.Name))],
        UrlBase = urlBase.For(device, (session.LocalEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback),
        Since = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };
}
