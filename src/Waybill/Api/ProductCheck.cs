using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.S3.Rows;

namespace Waybill.Api;

/// <summary>Whether docks can come in to a product and do their work, one thing after the other, with what to do about it.</summary>
sealed record CheckAnswer(bool Ok, IReadOnlyList<CheckedThing> Checks);

/// <param name="Check">What was looked at.</param>
/// <param name="Ok">Whether it is as it must be.</param>
/// <param name="Cause">Why not.</param>
/// <param name="Remedy">What to do.</param>
sealed record CheckedThing(string Check, bool Ok, string? Cause = null, string? Remedy = null);

/// <summary>Looks at what docks of a product need, before one of them fails for want of it.</summary>
sealed class ProductCheck(GatewayDefaults defaults, Organizations organizations, CredentialIssuers issuers, Buckets buckets, StorageReach reach)
{
    /// <summary>Nothing lies below it: that it is not found shows that the bucket is.</summary>
    const string Prefix = "waybill-check/";

    /// <param name="product">With docks.</param>
    /// <param name="host">Of this server, as docks reach it.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<CheckAnswer> OfAsync(Product product, string host, CancellationToken ct)
    {
        var checks = new List<CheckedThing>();
        if (product.GatewayMode == GatewayMode.Owner)
        {
            checks.Add(Licence(product));
            checks.Add(await OrganizationAsync(product, ct));
        }
        checks.AddRange(await StorageAsync(product, host, isHere: false, ct));
        return new(checks.TrueForAll(c => c.Ok), checks);
    }

    /// <summary>The product's own, or the configured one.</summary>
    public CheckedThing Licence(Product product) => product is { AppId: not null, HasAppKey: true, HasAppLicense: true } || IsConfigured(product)
        ? new("licence", true)
        : new("licence", false, "The product has no app id, key and licence of DJI: no dock comes online without.",
            "Make an app of the type Cloud API at developer.dji.com and set its id, key and licence: PATCH the product with \"dji\":{\"appId\",\"appKey\",\"appLicense\"}, or waybill dock add --app-id.");

    bool IsConfigured(Product product) =>
        product is { AppId: null, HasAppKey: false, HasAppLicense: false } && defaults is { AppId: not null, AppKey: not null, AppLicense: not null };

    /// <summary>Until the first thing that is wrong.</summary>
    /// <param name="product">With docks.</param>
    /// <param name="host">Of this server, as docks reach it.</param>
    /// <param name="isHere">The dock itself is on this machine.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyList<CheckedThing>> StorageAsync(Product product, string host, bool isHere, CancellationToken ct)
    {
        var storage = new GatewayStorage(product.Issuer ?? IssuerSettings.Ours, product.Bucket, product.Name);
        try
        {
            var issuer = issuers.Find(storage.Issuer);
            var bucket = storage.BucketOf(issuer);
            if (issuer.Kind == StorageKind.Ours && bucket is not null && await buckets.FindAsync(bucket, ct) is null)
                await buckets.CreateAsync(bucket, ct);
            var issued = await issuers.IssueAsync(storage.Issuer, new(bucket, Prefix, S3Actions.GetObject, CredentialAsk.Shortest) { Host = host }, ct);
            var endpoint = await reach.OfAsync(issued.Endpoint, isHere, ct);
            List<CheckedThing> checks = [new("storage credentials", true), endpoint];
            if (endpoint.Ok)
                checks.Add(issuer.Kind == StorageKind.Ours ? new("storage bucket", true) : await BucketAsync(issuer, issued, ct));
            return checks;
        }
        catch (RefusedException refusal)
        {
            return [new("storage credentials", false, refusal.Message, "Set storage that can be used: \"dji\":{\"storage\":{\"issuer\",\"bucket\"}} of the product, and its issuer in Waybill:S3:Issuers.")];
        }
    }

    async Task<CheckedThing> OrganizationAsync(Product product, CancellationToken ct) => (await organizations.ListAsync(product, "", 1, ct)).Count > 0
        ? new("organization", true)
        : new("organization", false, "The product has no organization: docks have none to be bound to.", $"PUT /api/v1/products/{product.Name}/organizations/{{id}}, or waybill dock add --organization.");

    static async Task<CheckedThing> BucketAsync(IssuerSettings issuer, IssuedCredentials issued, CancellationToken ct)
    {
        var key = issued.Credential;
        using var client = new AmazonS3Client(new SessionAWSCredentials(key.AccessKey, key.Secret, key.SessionToken), new AmazonS3Config
        {
            ServiceURL = issued.Endpoint,
            AuthenticationRegion = issued.Region,
            ForcePathStyle = issuer.Kind == StorageKind.Minio,
            Timeout = issuer.Timeout,
            MaxErrorRetry = 0,
        });
        try
        {
            using var got = await client.GetObjectAsync(issued.Bucket, Prefix + "none", ct);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            return new("storage bucket", false, $"There is no bucket '{issued.Bucket}' at {issued.Endpoint}.", "Make it, or name another: docks make none.");
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // without the right to list, what is not there is forbidden
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            return new("storage bucket", false, $"The bucket '{issued.Bucket}' at {issued.Endpoint} could not be looked at: {e.Message}", "Look at the endpoint, the region and the role of the issuer.");
        }
        return new("storage bucket", true);
    }
}
