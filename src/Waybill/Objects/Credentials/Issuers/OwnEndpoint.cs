using System.Net;

namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Where clients find our own S3 endpoint: at its public URL, or where they reached this server, on the port of S3.</summary>
sealed class OwnEndpoint(string? publicUrl)
{
    IPEndPoint? _bound;
    string _scheme = "http";

    /// <summary>What was bound for S3, told once at start.</summary>
    public void Bound(IPEndPoint endpoint, bool tls) => (_bound, _scheme) = (endpoint, tls ? "https" : "http");

    /// <param name="host">Of this server, as the client knows it; in brackets where it is an IPv6 address.</param>
    /// <exception cref="RefusedException"><c>storage_not_served</c>.</exception>
    public string For(string? host)
    {
        if (publicUrl is not null)
            return publicUrl;
        if (_bound is not { } bound)
            throw new RefusedException("storage_not_served", "No listener here serves S3: give one the role s3 (Waybill:Listeners), or set Waybill:S3:PublicUrl.");
        var any = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        var name = any ? host : new UriBuilder(_scheme, bound.Address.ToString()).Uri.Host;
        return name is { Length: > 0 }
            ? $"{_scheme}://{name}:{bound.Port}"
            : throw new RefusedException("storage_not_served", "It is not known by which host clients reach the S3 endpoint: set Waybill:S3:PublicUrl.");
    }
}
