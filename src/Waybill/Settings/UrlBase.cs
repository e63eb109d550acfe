namespace Waybill.Settings;

/// <summary>Rules for the base of device URLs. Whole URLs stay below 200 characters and hosts below 64 (tencent-hub quirks).</summary>
static class UrlBase
{
    public const string Allowed = "an http or https URL of at most 150 characters and a host of at most 63, without user, query and fragment";

    const int Longest = 150;
    const int LongestHost = 63;

    public static bool TryParse(string text, out string url)
    {
        url = text.TrimEnd('/');
        return text.Length <= Longest
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.Host.Length is > 0 and <= LongestHost
            && uri is { UserInfo: "", Query: "", Fragment: "" }
            && url.All(c => char.IsAsciiLetterOrDigit(c) || ":/.-_~[]%".Contains(c, StringComparison.Ordinal));
    }

    /// <summary>Whether devices that only ever connect to port 80 or 443 cannot reach it.</summary>
    public static bool CarriesPort(string url) => !new Uri(url).IsDefaultPort;
}
