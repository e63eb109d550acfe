using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.Devices;

/// <summary>
/// A key as programs bring it: <c>wbk_</c>, the number of its row, 32 random bytes. Nobody guesses those, so a plain hash keeps
/// them; it is made of the whole text and compared in constant time.
/// </summary>
static class ApiKeyText
{
    const string Prefix = "wbk_";
    const int RandomLength = 32;

    public static (string Text, byte[] Hash) Make(long id)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomLength))}");
        return (text, HashOf(text));
    }

    public static bool TryRead(string text, out long id)
    {
        id = 0;
        if (text.Length > 100 || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var rest = text.AsSpan(Prefix.Length);
        var end = rest.IndexOf('_');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    public static bool Fits(string text, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(HashOf(text), hash);

    static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
