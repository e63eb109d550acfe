using System.Globalization;
using Waybill.S3.Rows;

namespace Waybill.S3.Wire;

/// <summary>What browsers are told of a bucket's rules.</summary>
static class CorsAnswers
{
    /// <exception cref="RefusedException">No rule allows it.</exception>
    public static Task PreflightAsync(HttpContext http, Bucket? bucket)
    {
        var headers = http.Request.Headers;
        if (headers.Origin.ToString() is not { Length: > 0 } origin)
            throw new RefusedException("BadRequest", "Insufficient information. Origin request header needed.");
        var asked = headers.AccessControlRequestHeaders.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Find(bucket, origin, headers.AccessControlRequestMethod.ToString(), asked) is not { } rule)
            throw new RefusedException("AccessForbidden", "CORSResponse: This CORS request is not allowed.");
        Write(http.Response, rule, origin);
        var answer = http.Response.Headers;
        answer.AccessControlAllowMethods = string.Join(", ", rule.Methods);
        if (asked.Length > 0)
            answer.AccessControlAllowHeaders = string.Join(", ", asked).ToLowerInvariant();
        if (rule.MaxAge is { } seconds)
            answer.AccessControlMaxAge = seconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    /// <summary>Says in the answer to a call which origin may read it.</summary>
    public static void Allow(HttpContext http, Bucket? bucket)
    {
        if (http.Request.Headers.Origin.ToString() is not { Length: > 0 } origin || Find(bucket, origin, http.Request.Method, []) is not { } rule)
            return;
        Write(http.Response, rule, origin);
        http.Response.Headers.AccessControlAllowMethods = string.Join(", ", rule.Methods);
    }

    static CorsRule? Find(Bucket? bucket, string origin, string method, IReadOnlyList<string> headers) =>
        CorsRules.Parse(bucket?.Cors)?.Rules.FirstOrDefault(r => r.Allows(origin, method, headers));

    static void Write(HttpResponse response, CorsRule rule, string origin)
    {
        response.Headers.AccessControlAllowOrigin = rule.IsForAll ? "*" : origin;
        if (!rule.IsForAll)
            response.Headers.AccessControlAllowCredentials = "true";
        if (rule.Exposed.Count > 0)
            response.Headers.AccessControlExposeHeaders = string.Join(", ", rule.Exposed);
        response.Headers.Vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
    }
}
