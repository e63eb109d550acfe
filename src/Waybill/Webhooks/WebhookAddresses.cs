using System.Net;
using System.Net.Sockets;

namespace Waybill.Webhooks;

/// <summary>
/// Where deliveries may go: to public addresses, and to those the configuration allows. Looked at when a webhook is made and again
/// at each connection, on the very address that is connected to: a name may mean another one by then.
/// </summary>
sealed class WebhookAddresses(WebhookSettings settings)
{
    public const string Refused = "webhook_address";

    /// <summary>What is not public of IPv4, and of the only public block of IPv6 (IANA special-purpose registries).</summary>
    static readonly IPNetwork[] s_private =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(n => IPNetwork.Parse(n)),
    ];

    static readonly IPNetwork s_public6 = IPNetwork.Parse("2000::/3");

    /// <summary>Those addresses of the host that may be connected to.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public async Task<IReadOnlyList<IPAddress>> OfAsync(string host, CancellationToken ct)
    {
        IPAddress[] all = IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, ct);
        IPAddress[] allowed = [.. all.Where(IsAllowed)];
        return allowed.Length > 0 ? allowed : throw new RefusedException(Refused, "The host's address is not public and Waybill:Webhooks:AllowPrivate does not allow it.");
    }

    /// <summary>For <see cref="SocketsHttpHandler"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await OfAsync(context.DnsEndPoint.Host, ct);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync([.. addresses], context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (settings.AllowPrivate.Any(n => n.Contains(plain)))
            return true;
        return (plain.AddressFamily == AddressFamily.InterNetwork || s_public6.Contains(plain)) && !s_private.Any(n => n.Contains(plain));
    }
}
