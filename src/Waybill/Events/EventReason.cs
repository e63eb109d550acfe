namespace Waybill.Events;

/// <summary>
/// A reason as it may be told to everybody who reads events. Devices put their own words in, among them the URL that failed,
/// which is a capability.
/// </summary>
static class EventReason
{
    const int Longest = 256;

    public static string? Of(string? text)
    {
        if (text is null)
            return null;
        if (text.Contains('/', StringComparison.Ordinal))
            text = string.Join(' ', text.Split(' ').Select(word => IsUrl(word) ? "(URL)" : word));
        return text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }

    static bool IsUrl(string word) => word.Contains("://", StringComparison.Ordinal) || word.Contains("/o/", StringComparison.Ordinal);
}
