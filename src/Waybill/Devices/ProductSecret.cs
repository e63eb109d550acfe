using System.Security.Cryptography;

namespace Waybill.Devices;

/// <summary>What all devices of a product carry from the factory, to ask for a secret of their own.</summary>
static class ProductSecret
{
    public const string Allowed = "16 to 64 printable ASCII characters without spaces";

    // as the vendor makes them; the C SDKs keep at most 32
    const int MadeLength = 24;
    const string MadeLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string Make() => RandomNumberGenerator.GetString(MadeLetters, MadeLength);

    public static bool IsValid(string text) => text.Length is >= 16 and <= 64 && text.All(c => c is > ' ' and <= '~');
}
