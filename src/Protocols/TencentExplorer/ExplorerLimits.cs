using System.Buffers;
using System.Text;
using Waybill.Protocols.Json;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>
/// What devices can hold, and what is read of them. A command beyond these bounds is lost on the device, or its reports are, so it is
/// refused before it is ordered. Lengths are bytes of UTF-8.
/// </summary>
public static class ExplorerLimits
{
    /// <summary>RFC 8259 section 7.</summary>
    static readonly SearchValues<char> Escaped = SearchValues.Create([.. "\"\\", .. Enumerable.Range(0, 0x20).Select(i => (char)i)]);

    /// <summary>Longest name read.</summary>
    public const int MaxNameUp = ResourceNames.MaxUp;

    /// <summary>Longest version read.</summary>
    public const int MaxVersionUp = 64;

    /// <summary>Longest type read.</summary>
    public const int MaxTypeUp = 32;

    /// <summary>Longest <c>request_id</c> read.</summary>
    public const int MaxRequestId = 64;

    /// <summary>Longest name of a command.</summary>
    public const int MaxName = 64;

    /// <summary>Longest version of a command: of a longer one the final report is never sent.</summary>
    public const int MaxVersion = 32;

    /// <summary>Longest name and version together: beyond, a report does not fit the device's 256 bytes and is not sent.</summary>
    public const int MaxNameAndVersion = 90;

    /// <summary>Longest type of a command.</summary>
    public const int MaxType = 10;

    /// <summary>Longest URL to fetch from: the request must fit 1024 bytes.</summary>
    public const int MaxDownloadUrl = 840;

    /// <summary>Longest URL to upload to.</summary>
    public const int MaxUploadUrl = 878;

    /// <summary>Longest token: with a longer one the device uploads and does not report.</summary>
    public const int MaxToken = 120;

    /// <summary>Why a device can never be told of a resource, as the end of a sentence; null when it can.</summary>
    public static string? Refusal(in ExplorerResource resource)
    {
        if (ResourceNames.Refusal(resource.Name, MaxName) is { } name)
            return "has a name that " + name;
        if (ResourceNames.Refusal(resource.Version, MaxVersion) is { } version)
            return "has a version that " + version;
        if (ResourceNames.Refusal(resource.Type, MaxType) is { } type)
            return "has a type that " + type;
        return Encoding.UTF8.GetByteCount(resource.Name) + Encoding.UTF8.GetByteCount(resource.Version) > MaxNameAndVersion
            ? "has a name and version that are too long together"
            : null;
    }

    /// <summary>The same for all that an <c>update_resource</c> carries.</summary>
    public static string? Refusal(in ExplorerResource resource, ReadOnlySpan<char> url, long size) =>
        Refusal(resource, size) ?? (CompactJson.IsPlain(url, MaxDownloadUrl) ? null : "has a URL that is too long, or that needs an escape");

    /// <summary>The same for a file that is to be fetched, whatever its URL will be.</summary>
    public static string? Refusal(in ExplorerResource resource, long size) => Refusal(resource) ?? size switch
    {
        < 0 => "has a negative size",
        > int.MaxValue => "is larger than a device can count",
        _ => null,
    };

    /// <summary>Whether a device can repeat a token in its report.</summary>
    public static bool IsToken(ReadOnlySpan<char> token) => CompactJson.IsPlain(token, MaxToken);

    /// <summary>Whether a <c>request_id</c> can be repeated without an escape, and as strict JSON.</summary>
    internal static bool CanRepeat(in ExplorerRequestId id) =>
        Encoding.UTF8.GetByteCount(id.Text) <= MaxRequestId && (id.IsNumber ? IsNumber(id.Text) : IsUnescaped(id.Text));

    /// <summary>RFC 8259 section 6 knows no leading zeros, which <see cref="LenientJson"/> reads.</summary>
    static bool IsNumber(ReadOnlySpan<char> text)
    {
        var digits = text.TrimStart('-');
        return digits.Length > 0 && (digits.Length == 1 || digits[0] != '0' || !char.IsAsciiDigit(digits[1]));
    }

    static bool IsUnescaped(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAny(Escaped);
}
