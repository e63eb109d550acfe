using System.Globalization;
using Waybill.S3.Rows;

namespace Waybill.S3.Wire;

/// <summary>The conditions a request may set on what a key names (RFC 9110 13.1 and 13.2.2).</summary>
static class Conditions
{
    /// <exception cref="RefusedException"><c>PreconditionFailed</c> or <c>NotModified</c>.</exception>
    public static void Read(IHeaderDictionary headers, S3Object found, string start = "")
    {
        if (Text(headers, start + "If-Match") is { } match)
        {
            if (!Matches(match, found))
                throw S3Refusals.PreconditionFailed();
        }
        else if (Time(headers, start + "If-Unmodified-Since") is { } unmodified && Seconds(found) > unmodified)
        {
            throw S3Refusals.PreconditionFailed();
        }
        // a copy's source is not modified: the copy fails
        var same = start.Length > 0 ? S3Refusals.PreconditionFailed() : new RefusedException("NotModified", "Not Modified");
        if (Text(headers, start + "If-None-Match") is { } none)
        {
            if (Matches(none, found))
                throw same;
        }
        else if (Time(headers, start + "If-Modified-Since") is { } modified && Seconds(found) <= modified)
        {
            throw same;
        }
    }

    /// <summary>Before a key is put anew.</summary>
    /// <exception cref="RefusedException"><c>PreconditionFailed</c>, or <c>NoSuchKey</c> where one was to be replaced.</exception>
    public static void Write(IHeaderDictionary headers, S3Object? before)
    {
        if (Text(headers, "If-Match") is { } match && !Matches(match, before ?? throw S3Refusals.NoSuchKey()))
            throw S3Refusals.PreconditionFailed();
        if (Text(headers, "If-None-Match") is not { } none)
            return;
        if (none != "*")
            throw S3Refusals.NotImplemented("If-None-Match with an ETag on a write");
        if (before is not null)
            throw S3Refusals.PreconditionFailed();
    }

    static bool Matches(string header, S3Object found)
    {
        foreach (var one in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var tag = one.StartsWith("W/", StringComparison.Ordinal) ? one[2..] : one;
            if (tag == "*" || tag.Trim('"') == found.ETag)
                return true;
        }
        return false;
    }

    static string? Text(IHeaderDictionary headers, string name) => headers[name].ToString() is { Length: > 0 } text ? text : null;

    static long? Time(IHeaderDictionary headers, string name) =>
        DateTimeOffset.TryParse(Text(headers, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeSeconds() : null;

    // HTTP dates have no milliseconds
    static long Seconds(S3Object found) => found.ModifiedAt / 1000;
}
