namespace Waybill.Objects.Credentials.Issuers;

/// <summary>What an outside STS answers instead of credentials, as refusals that say what to do.</summary>
static class IssuerRefusals
{
    const int LongestQuote = 300;

    public static RefusedException Refused(IssuerSettings issuer, string code, string? message)
    {
        var quoted = message is null ? "" : $" ({message[..Math.Min(message.Length, LongestQuote)]})";
        return new("issuer_refused", $"The STS of '{issuer.Name}' answered {code}{quoted}. {Remedy(code, $"Waybill:S3:Issuers:{issuer.Name}")}");
    }

    public static RefusedException Unavailable(IssuerSettings issuer, string why) => new(
        "issuer_unavailable", $"The STS of '{issuer.Name}' at {issuer.StsEndpoint} {why}: try again, or look at Waybill:S3:Issuers:{issuer.Name}:StsEndpoint and the way there.");

    static string Remedy(string code, string key) => code switch
    {
        "AccessDenied" or "NoPermission" or "NotAuthorized" =>
            $"Allow the user of {key}:AccessKey to assume the role {key}:RoleArn: sts:AssumeRole in his policy (AliyunSTSAssumeRoleAccess there), and himself in the role's trust policy; an account's own key may assume none. Some say so of a wrong {key}:SecretKey too.",
        "EntityNotExist.Role" or "EntityNotExist" or "NoSuchEntity" or "NoSuchRole" or "InvalidParameter.RoleArn" =>
            $"There is no such role: look at {key}:RoleArn.",
        "InvalidClientTokenId" or "UnrecognizedClientException" or "InvalidAccessKeyId" or "InvalidAccessKeyId.NotFound" or "InvalidAccessKeyId.Inactive" =>
            $"The access key is unknown or switched off there: look at {key}:AccessKey.",
        "SignatureDoesNotMatch" or "IncompleteSignature" => $"Look at {key}:SecretKey.",
        "RequestTimeTooSkewed" or "ExpiredToken" or "InvalidTimeStamp.Expired" or "RequestExpired" => "Set this machine's clock.",
        "ValidationError" or "InvalidParameter.DurationSeconds" or "InvalidParameterValue" =>
            $"It may be the lifetime: raise the role's maximum, or lower {key}:Longest to it.",
        "RegionDisabledException" or "InvalidEndpoint" => $"Look at {key}:Region and {key}:StsEndpoint.",
        "PackedPolicyTooLarge" or "InvalidParameter.PolicySize" => "Take a shorter prefix.",
        _ => $"Look at the settings {key}.",
    };
}
