using System.Net;
using System.Net.Sockets;
using Waybill.Link;
using Waybill.Settings;

namespace Waybill.Devices;

/// <summary>Where devices find <c>/o/…</c>: their product's own base, the public one, or the address they reached us at.</summary>
sealed class DeviceUrlBase(WaybillSettings settings)
{
    string? _host;
    string _scheme = "http";
    string _port = "";
    volatile Told? _last;

    /// <summary>What was bound for devices, told once at start.</summary>
    public void Bound(IPEndPoint endpoint, bool tls)
    {
        _host = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? null : Host(endpoint.Address);
        _scheme = tls ? "https" : "http";
        _port = endpoint.Port == (tls ? 443 : 80) ? "" : $":{endpoint.Port}";
        _last = null;
    }

    /// <param name="device">Who asks.</param>
    /// <param name="local">Our address on the device's MQTT connection.</param>
    public string For(DeviceIdentity device, IPAddress local) =>
        device.DeviceUrl ?? settings.PublicUrl ?? For(local);

    /// <summary>The listener for devices, for who came to this address of ours.</summary>
    public string For(IPAddress local)
    {
        // nearly all come to one address, and each connection keeps what it was told
        if (_last is { } last && last.Local.Equals(local))
            return last.Url;
        var told = new Told(local, $"{_scheme}://{_host ?? Host(local)}{_port}");
        _last = told;
        return told.Url;
    }

    static string Host(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{new IPAddress(plain.GetAddressBytes())}]" : plain.ToString();
    }

    sealed record Told(IPAddress Local, string Url);
}
