using Waybill.Objects.S3Endpoint.Signing;

namespace Waybill.Objects.S3Endpoint.Credentials;

/// <summary>Who sent a signed request, and what he may do.</summary>
sealed record SignedCaller(string AccessKey, GrantedRights Rights, VerifiedSignature Signature)
{
    /// <summary>What temporary credentials were handed out for; null for a lasting key.</summary>
    public SessionGrant? Session { get; init; }
}
