using System.Security.Cryptography;

namespace Waybill.Devices;

/// <summary>What a device signs its password with, in base64; where no dialect is Tencent's the password itself, which may be any text.</summary>
static class DeviceSecret
{
    public const string Allowed = "base64 of at least 8 bytes, at most 64 characters";

    public const string AllowedText = "1 to 128 characters without control characters";

    const int LongestText = 64;
    const int ShortestKey = 8;
    const int MadeKey = 16;

    public static string Make() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(MadeKey));

    public static bool IsValid(string text)
    {
        Span<byte> key = stackalloc byte[LongestText];
        return text.Length <= LongestText && Convert.TryFromBase64String(text, key, out var length) && length >= ShortestKey;
    }

    /// <summary>Where people choose it and type it in.</summary>
    public static bool IsText(string text) =>
        text.Length is > 0 and <= 128 && !text.Any(char.IsControl) && !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);

    public static bool IsValid(string text, IReadOnlyList<string> dialects) => dialects.Any(DialectNames.IsTencent) ? IsValid(text) : IsText(text);

    public static string AllowedIn(IReadOnlyList<string> dialects) => dialects.Any(DialectNames.IsTencent) ? Allowed : AllowedText;
}
