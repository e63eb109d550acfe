using System.Globalization;

namespace Waybill.S3.Signing;

/// <summary>When a request was signed, as it is written in what is signed: <c>20130524T000000Z</c>.</summary>
sealed record SigningTime(string Text, DateTimeOffset Time)
{
    /// <summary>How far the clocks of the two ends may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    const string Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>The basic form of ISO 8601, and where it stands in a header also that of HTTP.</summary>
    public static SigningTime? Read(string? text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, Utc, out var time))
            return new(text!, time);
        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, Utc, out time)
            ? new(time.ToString(Form, CultureInfo.InvariantCulture), time)
            : null;
    }

    public bool IsOf(SigningScope scope) => Text.StartsWith(scope.Date, StringComparison.Ordinal);
}
