using System.Net;
using System.Net.Sockets;

namespace Waybill.Api;

/// <summary>Whether a dock could reach an endpoint: seen from here, which is not where the dock is, but finds most of what goes wrong.</summary>
sealed class StorageReach : IDisposable
{
    const string Endpoint = "storage endpoint";
    const string SetIt = "Set Waybill:S3:PublicUrl (our own storage), or the issuer's Endpoint, to an address that docks reach, such as http://192.0.2.10:9000.";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    // any answer will do, so no certificate has to be ours
    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { Timeout = s_patience };

    /// <param name="endpoint">As docks are told it.</param>
    /// <param name="isHere">The dock itself is on this machine.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<CheckedThing> OfAsync(string endpoint, bool isHere, CancellationToken ct)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return new(Endpoint, false, $"'{endpoint}' does not begin with http:// or https://: docks refuse it.", SetIt);
        if (!isHere && IsLoopback(url.DnsSafeHost))
            return new(Endpoint, false, $"{endpoint} is this machine's name for itself: a dock that goes there finds itself.", SetIt);
        try
        {
            // a dock in the field does not know the names of a container's network, and they have no dot
            if (!isHere && url.HostNameType == UriHostNameType.Dns && !url.Host.Contains('.', StringComparison.Ordinal))
                return new(Endpoint, false, $"The host '{url.Host}' of {endpoint} has no dot: a name of this network, of Docker for instance, that a dock does not know.", SetIt);
            if (url.HostNameType == UriHostNameType.Dns)
                await Dns.GetHostAddressesAsync(url.Host, ct).WaitAsync(s_patience, ct);
            using var head = new HttpRequestMessage(HttpMethod.Head, url);
            using var answer = await _http.SendAsync(head, HttpCompletionOption.ResponseHeadersRead, ct);
            return new(Endpoint, true);
        }
        catch (SocketException)
        {
            return new(Endpoint, false, $"The name {url.Host} of {endpoint} is not known to DNS.", SetIt);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            var why = e is HttpRequestException ? e.Message : $"no answer within {s_patience.TotalSeconds:0} s";
            return new(Endpoint, false, $"{endpoint} does not answer: {why}.", "Look whether the storage runs, whether the port is open in the firewall, and whether its certificate is from a public authority.");
        }
    }

    public void Dispose() => _http.Dispose();

    static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));
}
