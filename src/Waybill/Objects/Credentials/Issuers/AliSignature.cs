using System.Security.Cryptography;
using System.Text;

namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Signatures of Alibaba Cloud's RPC-style calls, version 1.0 (STS API reference, "Signature mechanism").</summary>
static class AliSignature
{
    public static string Of(string method, IReadOnlyDictionary<string, string> parameters, string secret)
    {
        var canonical = string.Join('&', parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Encode(p.Key)}={Encode(p.Value)}"));
        var text = $"{method}&{Encode("/")}&{Encode(canonical)}";
#pragma warning disable CA5350 // the call knows this algorithm and no other
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret + "&"), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    /// <summary>All but A-Z a-z 0-9 - _ . and ~ in upper-case hexadecimal, which is RFC 3986's way too.</summary>
    static string Encode(string text) => Uri.EscapeDataString(text);
}
