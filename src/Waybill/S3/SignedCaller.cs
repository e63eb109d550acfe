using Waybill.Objects.Credentials;
using Waybill.S3.Signing;

namespace Waybill.S3;

/// <summary>Who sent a signed request, and what he may do.</summary>
sealed record SignedCaller(string AccessKey, GrantedRights Rights, VerifiedSignature Signature)
{
    /// <summary>What temporary credentials were handed out for; null for a lasting key.</summary>
    public SessionGrant? Session { get; init; }
}
