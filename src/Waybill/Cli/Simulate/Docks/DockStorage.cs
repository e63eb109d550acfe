using System.Collections.Concurrent;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>
/// A dock's way to object storage, by the vendor's own kind of client: path-style for minio, virtual-hosted otherwise; large archives in
/// parts. Remembers what it put.
/// </summary>
sealed class DockStorage(DockBoard board)
{
    /// <summary>The least that S3 allows.</summary>
    public const int PartSize = 5 << 20;

    readonly ConcurrentDictionary<string, string> _put = new(StringComparer.Ordinal);
    volatile bool _isToBreak;

    /// <summary>SHA-256 of what was put under a key; null: nothing was.</summary>
    public string? Put(string key) => _put.GetValueOrDefault(key);

    /// <summary>The next upload breaks off after its first part.</summary>
    public void Break() => _isToBreak = true;

    /// <summary>As <see cref="Device.DjiUpload"/> is to be.</summary>
    public async Task UploadAsync(DjiStorage storage, string key, Stream content, IProgress<long> moved, CancellationToken ct)
    {
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
        content.Position = 0;
        using var client = Client(storage);
        try
        {
            if (_isToBreak || content.Length > PartSize)
                await InPartsAsync(client, new(storage.Bucket, key), content, moved, ct);
            else
                await client.PutObjectAsync(new PutObjectRequest { BucketName = storage.Bucket, Key = key, InputStream = content, AutoCloseStream = false }, ct);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new IOException(e.Message, e);
        }
        moved.Report(content.Length);
        board.Add(content.Length);
        _put[key] = sha256;
    }

    async Task InPartsAsync(AmazonS3Client client, (string Bucket, string Key) place, Stream content, IProgress<long> moved, CancellationToken ct)
    {
        var begun = await client.InitiateMultipartUploadAsync(place.Bucket, place.Key, ct);
        var parts = new List<PartETag>();
        for (long at = 0; at < content.Length; at += PartSize)
        {
            if (_isToBreak && (at > 0 || content.Length <= PartSize))
            {
                _isToBreak = false;
                await client.AbortMultipartUploadAsync(place.Bucket, place.Key, begun.UploadId, ct);
                throw new IOException("The connection broke.");
            }
            var put = await client.UploadPartAsync(
                new()
                {
                    BucketName = place.Bucket,
                    Key = place.Key,
                    UploadId = begun.UploadId,
                    PartNumber = parts.Count + 1,
                    InputStream = content,
                    PartSize = Math.Min(PartSize, content.Length - at),
                },
                ct);
            parts.Add(new(put.PartNumber ?? parts.Count + 1, put.ETag));
            moved.Report(Math.Min(at + PartSize, content.Length));
        }
        await client.CompleteMultipartUploadAsync(new() { BucketName = place.Bucket, Key = place.Key, UploadId = begun.UploadId, PartETags = parts }, ct);
    }

    static AmazonS3Client Client(DjiStorage storage) => new(
        new SessionAWSCredentials(storage.Credentials.KeyId, storage.Credentials.Secret, storage.Credentials.Token),
        new AmazonS3Config
        {
            ServiceURL = storage.Endpoint,
            AuthenticationRegion = storage.Region,
            ForcePathStyle = storage.Provider == "minio",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = 1,
        });
}
