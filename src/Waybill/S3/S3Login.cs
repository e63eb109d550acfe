using Waybill.Objects.Credentials;
using Waybill.S3.Signing;

namespace Waybill.S3;

/// <summary>Whether a request is signed by someone known, and who that is.</summary>
sealed class S3Login(LastingKeys keys, SessionCredentials sessions, Revocations revocations, TimeProvider clock)
{
    readonly SignatureCheck check = new(new SigningKeys());

    /// <exception cref="RefusedException">Nobody known signed it.</exception>
    public async ValueTask<S3Caller> AuthenticateAsync(HttpContext http, S3Address address)
    {
        var (caller, refusal) = await AdmitAsync(IncomingRequest.Of(http.Request), http.RequestAborted);
        return caller is null ? throw refusal!.Exception() : new(caller.Session?.By ?? caller.AccessKey, caller.Rights.Allow, S3Payload.Of(http, caller.Signature)) { Device = caller.Session?.Device };
    }

    /// <returns>One of both is null.</returns>
    public async ValueTask<(SignedCaller? Caller, Refusal? Refusal)> AdmitAsync(IncomingRequest request, CancellationToken ct)
    {
        var (claim, refusal) = SignatureClaim.Read(request, clock.GetUtcNow());
        if (claim is null)
            return (null, refusal);
        if (claim.SessionToken is { } token)
            return await AdmitSessionAsync(request, claim, token, ct);
        if (keys.Find(claim.AccessKey) is not var (rights, secret))
            return (null, new("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."));
        (var verified, refusal) = check.Check(request, claim, secret);
        if (verified is null)
            return (null, refusal);
        keys.NoteUse(claim.AccessKey);
        return (new(claim.AccessKey, rights, verified), null);
    }

    async ValueTask<(SignedCaller? Caller, Refusal? Refusal)> AdmitSessionAsync(
        IncomingRequest request, SignatureClaim claim, string token, CancellationToken ct)
    {
        if (sessions.Read(claim.AccessKey, token) is not { } grant)
            return (null, new("InvalidToken", "The provided token is malformed or otherwise invalid."));
        var (verified, refusal) = check.Check(request, claim, sessions.SecretOf(grant.AccessKey));
        if (verified is null)
            return (null, refusal);
        if (grant.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            return (null, new("ExpiredToken", "The provided token has expired."));
        if (!keys.Has(grant.By) || await revocations.HasAsync(grant, ct))
            return (null, new("AccessDenied", "Access Denied: these credentials were revoked."));
        return (new(grant.AccessKey, grant.Rights, verified) { Session = grant }, null);
    }
}
