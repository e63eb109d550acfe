using System.Collections.Frozen;

namespace Waybill.S3;

/// <summary>The codes that S3 refuses with, each with its status, and the texts of those that are said in several places.</summary>
static class S3Refusals
{
    static readonly FrozenDictionary<string, int> s_status = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["NotModified"] = 304,
        ["AccessDenied"] = 403,
        ["AccessForbidden"] = 403,
        ["ExpiredToken"] = 400,
        ["InvalidAccessKeyId"] = 403,
        ["InvalidObjectState"] = 403,
        ["QuotaExceeded"] = 403,
        ["RequestTimeTooSkewed"] = 403,
        ["SignatureDoesNotMatch"] = 403,
        ["NoSuchBucket"] = 404,
        ["NoSuchCORSConfiguration"] = 404,
        ["NoSuchKey"] = 404,
        ["NoSuchUpload"] = 404,
        ["MethodNotAllowed"] = 405,
        ["BucketAlreadyExists"] = 409,
        ["BucketAlreadyOwnedByYou"] = 409,
        ["BucketNotEmpty"] = 409,
        ["OperationAborted"] = 409,
        ["MissingContentLength"] = 411,
        ["PreconditionFailed"] = 412,
        ["InvalidRange"] = 416,
        ["InternalError"] = 500,
        ["NotImplemented"] = 501,
        ["ServiceUnavailable"] = 503,
        ["SlowDown"] = 503,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // what the rooms below refuse with; null: in their own words
    static readonly FrozenDictionary<string, (string Code, string? Text)> s_below = new Dictionary<string, (string, string?)>(StringComparer.Ordinal)
    {
        ["size_mismatch"] = ("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header"),
        ["too_large"] = ("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
        ["md5_mismatch"] = ("BadDigest", "The Content-MD5 you specified did not match what we received."),
        ["bucket_not_empty"] = ("BucketNotEmpty", null),
        ["bucket_full"] = ("QuotaExceeded", null),
        ["quota_exceeded"] = ("QuotaExceeded", null),
        ["rate_exceeded"] = ("QuotaExceeded", null),
        ["size_refused"] = ("EntityTooLarge", null),
        ["range_not_satisfiable"] = ("InvalidRange", "The requested range is not satisfiable"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The status, code and text of an answer.</summary>
    public static (int Status, string Code, string Text) Answer(RefusedException refusal)
    {
        var (code, text) = s_below.TryGetValue(refusal.Code, out var known) ? known : (refusal.Code, null);
        return (s_status.GetValueOrDefault(code, StatusCodes.Status400BadRequest), code, text ?? refusal.Message);
    }

    public static RefusedException AccessDenied() => new("AccessDenied", "Access Denied");

    public static RefusedException NoSuchBucket() => new("NoSuchBucket", "The specified bucket does not exist");

    public static RefusedException NoSuchKey() => new("NoSuchKey", "The specified key does not exist.");

    public static RefusedException NoSuchUpload() => new(
        "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.");

    public static RefusedException MalformedXml() => new("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static RefusedException NotImplemented(string what) => new("NotImplemented", $"A header or operation you provided implies functionality that is not implemented: {what}");

    public static RefusedException InvalidArgument(string text) => new("InvalidArgument", text);

    public static RefusedException InvalidRequest(string text) => new("InvalidRequest", text);

    public static RefusedException PreconditionFailed() => new("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}
