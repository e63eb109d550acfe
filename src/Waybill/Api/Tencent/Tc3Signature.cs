using System.Security.Cryptography;
using System.Text;

namespace Waybill.Api.Tencent;

/// <summary>The vendor's Signature v3 of a POST to <c>/</c>.</summary>
static class Tc3Signature
{
    /// <param name="authorization">What the signature is made for.</param>
    /// <param name="headers">The value of each signed header, in their order.</param>
    /// <param name="timestamp"><c>X-TC-Timestamp</c>, as it came.</param>
    /// <param name="body">All of it.</param>
    /// <param name="secret">The secret key.</param>
    public static string Of(Tc3Authorization authorization, IReadOnlyList<string> headers, string timestamp, ReadOnlySpan<byte> body, string secret)
    {
        var canonical = string.Concat(authorization.HeaderNames.Zip(headers, (name, value) => $"{name}:{value.Trim().ToLowerInvariant()}\n"));
        // no query: it is empty for every POST
        var request = $"POST\n/\n\n{canonical}\n{authorization.SignedHeaders}\n{Hash(body)}";
        var scope = $"{authorization.Date}/{authorization.Service}/{Tc3Authorization.Ending}";
        var text = $"{Tc3Authorization.Algorithm}\n{timestamp}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(request))}";
        var key = Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("TC3" + secret), authorization.Date), authorization.Service), Tc3Authorization.Ending);
        return Convert.ToHexStringLower(Hmac(key, text));
    }

    static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
