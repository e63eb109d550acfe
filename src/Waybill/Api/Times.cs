namespace Waybill.Api;

/// <summary>Times in answers are ISO 8601 in UTC; inside they are Unix milliseconds.</summary>
static class Times
{
    public static DateTime Utc(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    public static DateTime? Utc(long? milliseconds) => milliseconds is { } time ? Utc(time) : null;
}
