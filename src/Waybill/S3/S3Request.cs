using System.Globalization;
using Waybill.S3.Rows;

namespace Waybill.S3;

/// <summary>A request whose address and caller are known.</summary>
sealed class S3Request(HttpContext http, S3Address address, S3Caller caller, Bucket? bucket)
{
    public HttpContext Http => http;

    public CancellationToken Ct => http.RequestAborted;

    public S3Caller Caller => caller;

    public S3Payload Payload => caller.Payload;

    public string BucketName => address.Bucket ?? throw S3Refusals.InvalidRequest("A bucket is needed.");

    public Bucket Bucket => bucket ?? throw S3Refusals.NoSuchBucket();

    public string Key => address.Key ?? throw S3Refusals.InvalidRequest("A key is needed.");

    public IHeaderDictionary Headers => http.Request.Headers;

    /// <summary>Null when absent or empty.</summary>
    public string? Header(string name) => Headers[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Null when absent.</summary>
    /// <exception cref="RefusedException">Longer than any key, or with what no key holds.</exception>
    public string? Query(string name)
    {
        if (!http.Request.Query.TryGetValue(name, out var values))
            return null;
        var value = values.ToString();
        if (value.Contains('\0', StringComparison.Ordinal) || value.Length > 4 * S3Address.LongestKey)
            throw S3Refusals.InvalidArgument($"Invalid value of {name}");
        return value;
    }

    /// <summary>A number of the query within its bounds.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Query(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw S3Refusals.InvalidArgument($"Argument {name} must be an integer between {least} and {most}");
    }

    public void Demand(string action, string onBucket, string onKey)
    {
        if (!caller.May(action, onBucket, onKey))
            throw S3Refusals.AccessDenied();
    }
}
