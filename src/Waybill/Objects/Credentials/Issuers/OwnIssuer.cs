namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Credentials of our own endpoint.</summary>
sealed class OwnIssuer(IssuerSettings settings, OwnEndpoint endpoint, SessionCredentials sessions) : ICredentialIssuer
{
    public Task<IssuedCredentials> IssueAsync(CredentialAsk ask, CancellationToken ct)
    {
        S3Right[] rights = [new(ask.Actions, $"{ask.Bucket}/{ask.Prefix}*"), new(S3Actions.GetBucketLocation, ask.Bucket!)];
        var url = endpoint.For(ask.Host);
        var minted = sessions.Mint(new([rights]), ask.Lifetime, ask.Device, CredentialAsk.JobOf(ask.Device, ask.Job));
        return Task.FromResult(new IssuedCredentials("minio", ask.Bucket!, ask.Prefix, minted) { Endpoint = url, Region = settings.Region });
    }
}
