using System.Data.Common;

namespace Waybill.Api.Tencent;

sealed record TencentError(string Code, string Message)
{
    public const string Failure = "InternalError";

    public static TencentError Of(Exception e) => e switch
    {
        RefusedException refusal => new(CodeOf(refusal.Code), refusal.Message),
        InvalidRequestException invalid => new("InvalidParameterValue", string.Join("; ", invalid.Mistakes.Select(m => $"{m.Field} {m.Message}"))),
        BadHttpRequestException => new("InvalidRequest", "The request is not valid HTTP, or broke off."),
        DbException => new(Failure, "The database does not answer: try again."),
        _ => new(Failure, "Something failed here; the log says what."),
    };

    /// <summary>The vendor's name for a refusal of ours.</summary>
    static string CodeOf(string code) => code switch
    {
        "token_expired" or "token_revoked" => "InvalidParameterValue.InvalidAccessToken",
        "not_allowed" => "UnauthorizedOperation",
        "device_disabled" => "UnauthorizedOperation.DeviceIsNotEnabled",
        "json_invalid" => "InvalidParameterValue.InvalidJSON",
        "too_large" => "RequestSizeLimitExceeded",
        "product_not_found" => "ResourceNotFound.ProductNotExist",
        "device_not_found" => "ResourceNotFound.DeviceNotExist",
        "file_not_found" => "ResourceNotFound.ProductResourceNotExist",
        "transfer_not_found" => "ResourceNotFound.DeviceResourceNotExist",
        "file_exists" => "FailedOperation.ProductResourceDuplicate",
        "queue_full" or "file_too_large" => "LimitExceeded",
        "not_for_device" => "InvalidParameterValue",
        "not_supported" => "UnsupportedOperation",
        // the vendor's own begin with a capital
        [>= 'A' and <= 'Z', ..] => code,
        _ => "FailedOperation",
    };
}
