using System.Security.Cryptography;
using System.Text;

namespace Waybill.Devices;

/// <summary>
/// What a device of a Tencent SDK says of itself in CONNECT: user name <c>clientId;sdkappid;connid;expiry</c>, password
/// <c>hex(HMAC(secret, user name));hmacsha1|hmacsha256</c>. Parsed without trust (tencent-hub quirk H27).
/// </summary>
sealed record TencentCredentials(string Product, string Device, string UserName, string ExpiryDigits, byte[] Mac, bool IsSha256)
{
    public const int ProductLength = 10;
    const int MostDevice = 48;

    public static TencentCredentials? Parse(string clientId, string userName, ReadOnlySpan<byte> password)
    {
        if (clientId.Length is <= ProductLength or > ProductLength + MostDevice)
            return null;
        var parts = userName.Split(';');
        if (parts.Length != 4 || !string.Equals(parts[0], clientId, StringComparison.Ordinal))
            return null;
        var expiry = parts[3];
        if (expiry.Length is 0 or > 64 || expiry.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return null;
        var text = Encoding.ASCII.GetString(password[..Math.Min(password.Length, 128)]);
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0)
            return null;
        var (digits, algorithm) = (text[..semicolon], text[(semicolon + 1)..]);
        var length = algorithm switch { "hmacsha1" => SHA1.HashSizeInBytes, "hmacsha256" => SHA256.HashSizeInBytes, _ => 0 };
        if (length == 0 || digits.Length != length * 2 || !AllHex(digits))
            return null;
        return new(clientId[..ProductLength], clientId[ProductLength..], userName, expiry, Convert.FromHexString(digits), length == SHA256.HashSizeInBytes);
    }

    /// <summary>The names in the client id of a device; it need not be registered.</summary>
    public static bool TryNames(string clientId, out string product, out string device)
    {
        (product, device) = ("", "");
        if (clientId.Length is <= ProductLength or > ProductLength + MostDevice || !clientId.Take(ProductLength).All(char.IsAsciiLetterOrDigit))
            return false;
        (product, device) = (clientId[..ProductLength], clientId[ProductLength..]);
        return RegistryNames.IsDevice(device);
    }

    static bool AllHex(string digits) => digits.All(char.IsAsciiHexDigit);

    /// <summary>Expiry is a decimal of any length in Unix seconds: longer than any date we know is the far future.</summary>
    public bool IsExpired(DateTimeOffset now)
    {
        var digits = ExpiryDigits.TrimStart('0');
        return digits.Length < 18 && (digits.Length == 0 || long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) < now.ToUnixTimeSeconds());
    }

    /// <param name="secret">Base64, as the device holds it.</param>
    public bool IsSignedWith(string? secret)
    {
        Span<byte> key = stackalloc byte[64];
        if (secret is null || !Convert.TryFromBase64String(secret, key, out var length))
            return false;
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        var text = Encoding.UTF8.GetBytes(UserName);
        mac = mac[..(IsSha256 ? HMACSHA256.HashData(key[..length], text, mac) : HMACSHA1.HashData(key[..length], text, mac))];
        return CryptographicOperations.FixedTimeEquals(mac, Mac);
    }
}
