using System.Buffers;
using System.Text;

namespace Waybill.Files;

/// <summary>What files, versions and types may be called: nothing that a path, a JSON text, a URL or a device could take for something else.</summary>
static class FileNames
{
    public const string AllowedName = "1 to 255 bytes, without / \\ .. quotes, braces, brackets and control characters";
    public const string AllowedVersion = "1 to 64 bytes, without / \\ .. quotes, braces, brackets and control characters";
    public const string AllowedType = "1 to 10 characters of A-Z, a-z, 0-9, _ and -";

    const int LongestName = 255;
    const int LongestVersion = 64;

    static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\\"'`{}[]<>");

    public static bool IsName(string text) => IsText(text, LongestName);

    public static bool IsVersion(string text) => IsText(text, LongestVersion);

    public static bool IsType(string text) => text.Length is > 0 and <= 10 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    static bool IsText(string text, int most) =>
        text.Length > 0
        && Encoding.UTF8.GetByteCount(text) <= most
        && !text.AsSpan().ContainsAny(Forbidden)
        && !text.Contains("..", StringComparison.Ordinal)
        && text != "."
        // routes leave an escaped slash as it came
        && !text.Contains("%2f", StringComparison.OrdinalIgnoreCase)
        && text.EnumerateRunes().All(r => !Rune.IsControl(r) && r != Rune.ReplacementChar);
}
