using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Link;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Gate;

/// <summary>Who a client is: a device with its dialects and the base of its URLs, one that will show which it is, or an application account.</summary>
sealed class Admission(IEnumerable<IDialect> dialects, DeviceLogin devices, MqttAccountLogin accounts, DeviceUrlBase urlBase, AdmissionLanes lanes, TimeProvider clock)
{
    readonly IDialect[] _dialects = [.. dialects];
    readonly ConcurrentDictionary<string, IReadOnlyList<IDialect>> _spoken = new(StringComparer.Ordinal);

    /// <summary>A <see cref="DeviceConnection"/>, <see cref="UnboundGateway"/> or <see cref="AccountTopics"/>.</summary>
    /// <exception cref="RefusedException">With the reason for the log.</exception>
    public async ValueTask<object> AdmitAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        var who = await IdentifyAsync(session, connect, ct);
        var device = (who as DeviceConnection)?.Device;
        if ((device is null || !ClientIds.IsOwn(session.ClientId, device))
            && await lanes.Devices.EnterAsync(ct => devices.IsOfOtherAsync(session.ClientId, device?.Id, ct), ct))
            throw new RefusedException(ClientIds.Taken, "the client id is a registered device's, and this is not that device");
        return who;
    }

    /// <summary>What the certificate says that the client presented; null when it presented none.</summary>
    public static DeviceCertificate? CertificateOf(MqttSession session) => session.Connection.Features.Get<DeviceCertificate>();

    async ValueTask<object> IdentifyAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        if (CertificateOf(session) is { } certificate)
            return Device(session, await CertifiedAsync(certificate, connect.UserName, ct));
        if (connect.UserName is not { } user || connect.Password is not { } password)
            throw new RefusedException("credentials_missing", "user name and password are required");
        if (TencentCredentials.Parse(session.ClientId, user, password.Span) is { } credentials)
            return Device(session, await lanes.Devices.EnterAsync(ct => devices.AdmitAsync(credentials, ct), ct));
        // no serial number, login or account has one
        if (user.Contains(';', StringComparison.Ordinal))
            throw new RefusedException("credentials_malformed", "user name and password are not what a Tencent SDK makes for this client id");
        if (await lanes.Devices.EnterAsync(ct => devices.AdmitSerialAsync(user, password, ct), ct) is { } gateway)
            return Device(session, gateway);
        return await lanes.Passwords.EnterAsync<object>(
            async ct => await devices.AdmitProductAsync(user, password, ct) is { } login
                ? new UnboundGateway(login)
                : new AccountTopics(await accounts.AdmitAsync(user, Encoding.UTF8.GetString(password.Span), ct)),
            ct);
    }

    /// <summary>A certificate is one device and nothing more: a password beside it opens nothing, and a user name must not be another device's.</summary>
    async ValueTask<DeviceIdentity> CertifiedAsync(DeviceCertificate certificate, string? user, CancellationToken ct)
    {
        if (certificate.Refusal is { } refusal)
            throw refusal;
        if (certificate.IsContradictedBy(user))
            throw new RefusedException("certificate_mismatch", "the user name is another device's than the certificate's");
        return await lanes.Devices.EnterAsync(ct => devices.AdmitCertifiedAsync(certificate.Product!, certificate.Device!, user, ct), ct);
    }

    /// <summary>Whose session was kept while the server was away; null when he may not come in any more.</summary>
    public async ValueTask<AccountTopics?> RestoreAsync(string userName, CancellationToken ct) =>
        await accounts.FindAsync(userName, ct) is { } rules ? new(rules) : null;

    public DeviceConnection Device(MqttSession session, DeviceIdentity device) => new(session, device)
    {
        Dialects = Spoken(device.Dialects),
        UrlBase = urlBase.For(device, (session.LocalEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback),
        Since = clock.GetUtcNow().ToUnixTimeMilliseconds(),
        Members = device.Members,
    };

    /// <summary>One list for all devices of the same dialects: there are few of those and many of these.</summary>
    IReadOnlyList<IDialect> Spoken(IReadOnlyList<string> names) =>
        _spoken.GetOrAdd(string.Join(' ', names), static (_, x) => [.. x._dialects.Where(d => x.names.Contains(d.Name, StringComparer.Ordinal))], (_dialects, names));

    /// <summary>The device whose topic it is by the rules of a dialect, registered or not; null: none.</summary>
    public string? NamedBy(ReadOnlySpan<byte> topic)
    {
        foreach (var dialect in _dialects)
        {
            if (dialect.TryOwner(topic, out var name) && Encoding.ASCII.GetString(name) is var text && RegistryNames.IsDevice(text))
                return text;
        }
        return null;
    }

    /// <summary>Which of a product's gateways the session is: the first of them whose topic it uses. Null: none.</summary>
    public DeviceConnection? Bind(MqttSession session, UnboundGateway unbound, ReadOnlySpan<byte> topic)
    {
        foreach (var dialect in _dialects)
        {
            if (dialect.TryOwner(topic, out var name) && unbound.Login.Find(Encoding.ASCII.GetString(name)) is { } device)
                return Device(session, device);
        }
        return null;
    }
}

/// <summary>A session that came in with the login of a product and has not shown which gateway it is.</summary>
sealed record UnboundGateway(ProductLogin Login);
