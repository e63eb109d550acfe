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

    /// <summary>What was bound for devices, told once at start.</summary>
    public void Bound(IPEndPoint endpoint, bool tls)
    {
        _host = endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) ? null : Host(endpoint.Address);
        _scheme = tls ? "https" : "http";
        _port = endpoint.Port == (tls ? 443 : 80) ? "" : $":{endpoint.Port}";
    }

    /// <param name="device">Who asks.</param>
    /// <param name="local">Our address on the device's MQTT connection.</param>
    public string For(DeviceIdentity device, IPAddress local) =>
        device.DeviceUrl ?? settings.PublicUrl ?? For(local);

    /// <summary>The listener for devices, for who came to this address of ours.</summary>
    public string For(IPAddress local) => $"{_scheme}://{_host ?? Host(local)}{_port}";

    static string Host(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{new IPAddress(plain.GetAddressBytes())}]" : plain.ToString();
    }
}
