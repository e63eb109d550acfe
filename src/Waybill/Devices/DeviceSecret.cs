using System.Security.Cryptography;

namespace Waybill.Devices;

/// <summary>What a device signs its password with, in base64.</summary>
static class DeviceSecret
{
    public const string Allowed = "base64 of at least 8 bytes, at most 64 characters";

    const int LongestText = 64;
    const int ShortestKey = 8;
    const int MadeKey = 16;

    public static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(MadeKey));

    public static bool IsValid(string text)
    {
        Span<byte> key = stackalloc byte[LongestText];
        return text.Length <= LongestText && Convert.TryFromBase64String(text, key, out var length) && length >= ShortestKey;
    }
}
