using System.IO.Pipelines;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Waybill.Objects;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Quotas;
using Waybill.S3.Rows;

namespace Waybill.S3;

/// <summary>Objects of other storage, read once into a bucket of ours: from then on they are as any other.</summary>
sealed class OutsideObjects(CredentialIssuers issuers, Buckets buckets, ObjectIndex index, DiskStore store, UnrecordedObjects unrecorded)
{
    const long Largest = 64L << 30;

    /// <summary>Copies an object to the same key of one of our buckets, which is made where there is none; false when there is no such object.</summary>
    /// <param name="issuer">Of the storage it is in.</param>
    /// <param name="key">Of the object.</param>
    /// <param name="bucket">Ours.</param>
    /// <param name="putter">Whose it is.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<bool> CopyAsync(IssuerSettings issuer, string key, string bucket, ObjectPutter putter, CancellationToken ct)
    {
        var prefix = key[..(key.LastIndexOf('/') + 1)];
        var issued = await issuers.IssueAsync(issuer.Name, new(null, prefix, S3Actions.GetObject, CredentialAsk.Shortest), ct);
        using var client = Client(issuer, issued);
        try
        {
            using var got = await client.GetObjectAsync(issued.Bucket, key, ct);
            await PutAsync(got, bucket, putter, ct);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            // without the right to list, what is not there is forbidden
            return false;
        }
    }

    async Task PutAsync(Amazon.S3.Model.GetObjectResponse got, string name, ObjectPutter putter, CancellationToken ct)
    {
        await buckets.CreateAsync(name, ct);
        var bucket = await buckets.GetAsync(name, ct);
        var stored = await store.ReceiveAsync(PipeReader.Create(got.ResponseStream), new(null, got.ContentLength, Largest, null), ct);
        await unrecorded.RecordAsync(stored, record => index.PutAsync(new(bucket, Named(bucket, got.Key, record), putter, record), _ => { }));
    }

    S3Object Named(Bucket bucket, string key, ObjectRecord record) => new()
    {
        BucketId = bucket.Id,
        Key = key,
        Sha256 = record.Sha256.ToBytes(),
        Size = record.Size,
        ETag = record.Md5.ToString(),
        ModifiedAt = index.Now,
    };

    static AmazonS3Client Client(IssuerSettings issuer, IssuedCredentials issued) => new(
        new SessionAWSCredentials(issued.Credential.AccessKey, issued.Credential.Secret, issued.Credential.SessionToken),
        new AmazonS3Config
        {
            ServiceURL = issuer.Endpoint,
            AuthenticationRegion = issuer.Region,
            ForcePathStyle = issuer.Kind == StorageKind.Minio,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = issuer.Timeout,
            MaxErrorRetry = 1,
        });
}
