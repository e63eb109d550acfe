using System.Net;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Credentials of AWS S3, or of MinIO and Ceph, whose STS is the same: a role, assumed with a policy for the prefix.</summary>
sealed class AwsIssuer(IssuerSettings settings, string provider) : ICredentialIssuer, IDisposable
{
    const int LongestSessionName = 64;

    readonly AmazonSecurityTokenServiceClient _sts = new(
        new BasicAWSCredentials(settings.AccessKey, settings.SecretKey),
        new AmazonSecurityTokenServiceConfig
        {
            ServiceURL = settings.StsEndpoint,
            AuthenticationRegion = settings.Region,
            Timeout = settings.Timeout,
            MaxErrorRetry = 1,
        });

    public async Task<IssuedCredentials> IssueAsync(CredentialAsk ask, CancellationToken ct)
    {
        var answer = await AssumeAsync(
            new()
            {
                RoleArn = settings.RoleArn,
                RoleSessionName = ask.SessionName(LongestSessionName),
                DurationSeconds = (int)ask.Lifetime.TotalSeconds,
                Policy = PrefixPolicy.Aws(ask),
            },
            ct);
        if (answer.Credentials is not { AccessKeyId: { } key, SecretAccessKey: { } secret, SessionToken: { } token, Expiration: { } ends })
            throw IssuerRefusals.Unavailable(settings, "answered without credentials");
        return new(provider, ask.Bucket!, ask.Prefix, new(key, secret, token, new(ends.ToUniversalTime()))) { Endpoint = settings.Endpoint, Region = settings.Region };
    }

    public void Dispose() => _sts.Dispose();

    async Task<AssumeRoleResponse> AssumeAsync(AssumeRoleRequest ask, CancellationToken ct)
    {
        try
        {
            return await _sts.AssumeRoleAsync(ask, ct);
        }
        catch (AmazonServiceException e) when (e.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError)
        {
            // without a message of theirs there is the whole answer in its place
            var message = e.Message.Contains('<', StringComparison.Ordinal) ? null : e.Message;
            throw IssuerRefusals.Refused(settings, e.ErrorCode is { Length: > 0 } code ? code : $"{(int)e.StatusCode}", message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException)
        {
            throw IssuerRefusals.Unavailable(settings, "did not answer");
        }
    }
}
