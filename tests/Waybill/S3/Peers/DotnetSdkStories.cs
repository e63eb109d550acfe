using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Waybill.Tests.Api;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>AWS's SDK for .NET against the whole server.</summary>
public sealed class DotnetSdkStories
{
    public static TheoryData<RequestChecksumCalculation, bool> Clients => new()
    {
        { RequestChecksumCalculation.WHEN_SUPPORTED, false },
        { RequestChecksumCalculation.WHEN_REQUIRED, false },
        { RequestChecksumCalculation.WHEN_SUPPORTED, true },
    };

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Objects_of_odd_names_are_put_got_listed_copied_and_deleted(RequestChecksumCalculation checksums, bool virtualHosted)
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client(configure: config =>
        {
            config.RequestChecksumCalculation = checksums;
            if (virtualHosted)
                LoopbackNames.Use(config, house.Endpoint.Port);
        });
        foreach (var name in OddNames.All)
        {
            var put = new PutObjectRequest { BucketName = "bucket", Key = name, InputStream = new MemoryStream(OddNames.Content(name)), ContentType = "text/plain" };
            put.Metadata["site"] = "A";
            await s3.PutObjectAsync(put, Ct);
            using var got = await s3.GetObjectAsync("bucket", name, Ct);
            Assert.Equal(OddNames.Content(name), await BytesAsync(got));
            Assert.Equal(("text/plain", "A"), (got.Headers.ContentType, got.Metadata["site"]));
        }
        Assert.Equal(OddNames.All.Order(StringComparer.Ordinal), (await KeysAsync(s3, pageSize: 2)).Order(StringComparer.Ordinal));
        using (var range = await s3.GetObjectAsync(new GetObjectRequest { BucketName = "bucket", Key = OddNames.All[3], ByteRange = new(8, 9) }, Ct))
            Assert.Equal("of"u8.ToArray(), await BytesAsync(range));
        await s3.CopyObjectAsync("bucket", OddNames.All[3], "bucket", "复制 +1", Ct);
        Assert.Equal("A", (await s3.GetObjectMetadataAsync("bucket", "复制 +1", Ct)).Metadata["site"]);
        var deleted = await s3.DeleteObjectsAsync(new() { BucketName = "bucket", Objects = [.. OddNames.All.Append("复制 +1").Select(k => new KeyVersion { Key = k })] }, Ct);
        Assert.Equal(OddNames.All.Length + 1, deleted.DeletedObjects.Count);
        Assert.Empty(await KeysAsync(s3, pageSize: 1000));
    }

    [Theory]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, 12_500_000)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, 5_300_000)]
    public async Task A_hundred_megabytes_come_in_parts_out_of_order(RequestChecksumCalculation checksums, int partSize)
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client(configure: config => config.RequestChecksumCalculation = checksums);
        var upload = (await s3.InitiateMultipartUploadAsync("bucket", "big", Ct)).UploadId;
        var parts = new List<UploadPartResponse>();
        foreach (var number in (int[])[8, 2, 5, 1, 7, 3, 6, 4])
            parts.Add(await s3.UploadPartAsync(
                new() { BucketName = "bucket", Key = "big", UploadId = upload, PartNumber = number, InputStream = new MemoryStream(Part(number, partSize)) }, Ct));

        Assert.Equal(Enumerable.Range(1, 8), (await s3.ListPartsAsync("bucket", "big", upload, Ct)).Parts.Select(p => p.PartNumber!.Value));
        var complete = new CompleteMultipartUploadRequest { BucketName = "bucket", Key = "big", UploadId = upload };
        complete.AddPartETags(parts.OrderBy(p => p.PartNumber));
        await s3.CompleteMultipartUploadAsync(complete, Ct);

        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var number = 1; number <= 8; number++)
            expected.AppendData(Part(number, partSize));
        using var got = await s3.GetObjectAsync("bucket", "big", Ct);
        Assert.Equal(8L * partSize, got.ContentLength);
        Assert.Equal(expected.GetHashAndReset(), await SHA256.HashDataAsync(got.ResponseStream, Ct));
    }

    [Theory]
    [InlineData(RequestChecksumCalculation.WHEN_SUPPORTED, false)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, false)]
    [InlineData(RequestChecksumCalculation.WHEN_REQUIRED, true)]
    public async Task Over_TLS_it_signs_bodies_otherwise(RequestChecksumCalculation checksums, bool unsigned)
    {
        using var pems = new PemFiles();
        pems.Write("s3");
        await using var house = await S3House.StartAsync(
            ("Tls:Certificate", pems.Certificate), ("Tls:Key", pems.Key), ("Listeners:inside:Roles", "api,devices"), ("Listeners:inside:Port", "0"),
            ("Listeners:outside:Roles", "s3"), ("Listeners:outside:Port", "0"), ("Listeners:outside:Tls", "true"));
        using var s3 = house.Client(configure: config => (config.HttpClientFactory, config.RequestChecksumCalculation) = (new LoopbackNames(), checksums));
        var bytes = StoreDirectory.Random(300_000);
        await s3.PutObjectAsync(new() { BucketName = "bucket", Key = "k", InputStream = new MemoryStream(bytes), DisablePayloadSigning = unsigned }, Ct);
        using var got = await s3.GetObjectAsync("bucket", "k", Ct);
        Assert.Equal(bytes, await BytesAsync(got));
    }

    [Fact]
    public async Task Its_transfer_utility_moves_files_and_directories()
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client();
        using var files = new PeerShell(house);
        OddNames.WriteTo(files.File("up"));
        await File.WriteAllBytesAsync(files.File("up/big"), StoreDirectory.Random(11_000_000), Ct);
        using var utility = new TransferUtility(s3, new TransferUtilityConfig { MinSizeBeforePartUpload = 6_000_000 });

        await utility.UploadDirectoryAsync(new() { Directory = files.File("up"), BucketName = "bucket", KeyPrefix = "dir 1", SearchOption = SearchOption.AllDirectories }, Ct);
        await utility.DownloadDirectoryAsync("bucket", "dir 1", files.File("down"), Ct);
        Assert.Equal(OddNames.ReadFrom(files.File("up")), OddNames.ReadFrom(files.File("down")));
        await utility.UploadAsync(new MemoryStream(new byte[6_500_000]), "bucket", "stream", Ct);
        Assert.Equal(6_500_000, (await s3.GetObjectMetadataAsync("bucket", "stream", Ct)).ContentLength);
    }

    [Fact]
    public async Task A_thousand_keys_are_paged_and_deleted_at_once()
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client();
        await KeyRows.AddAsync(house.Database, 1001, n => $"多 + {n:D4}", "bucket");

        var keys = await KeysAsync(s3, pageSize: 1000);
        Assert.Equal(Enumerable.Range(0, 1001).Select(n => $"多 + {n:D4}"), keys);
        Assert.Equal(1000, (await s3.ListObjectsAsync("bucket", Ct)).S3Objects.Count);
        await s3.DeleteObjectsAsync(new() { BucketName = "bucket", Objects = [.. keys.Take(1000).Select(k => new KeyVersion { Key = k })] }, Ct);
        Assert.Equal(["多 + 1000"], await KeysAsync(s3, pageSize: 1000));
    }

    [Fact]
    public async Task Parts_are_copied_listed_and_given_up()
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client();
        await s3.PutObjectAsync(new() { BucketName = "bucket", Key = "source", InputStream = new MemoryStream(Part(1, 6_000_000)) }, Ct);
        var upload = (await s3.InitiateMultipartUploadAsync("bucket", "joined", Ct)).UploadId;
        var complete = new CompleteMultipartUploadRequest { BucketName = "bucket", Key = "joined", UploadId = upload };
        // pieces of a source may overlap: each is a part of its own
        foreach (var (number, first, last) in ((int, long, long)[])[(2, 4_000_000, 4_999_999), (1, 0, 5_299_999)])
        {
            var copied = await s3.CopyPartAsync(
                new()
                {
                    SourceBucket = "bucket",
                    SourceKey = "source",
                    DestinationBucket = "bucket",
                    DestinationKey = "joined",
                    UploadId = upload,
                    PartNumber = number,
                    FirstByte = first,
                    LastByte = last,
                },
                Ct);
            (complete.PartETags ??= []).Insert(0, new(number, copied.ETag));
        }
        await s3.CompleteMultipartUploadAsync(complete, Ct);
        var source = Part(1, 6_000_000);
        using (var got = await s3.GetObjectAsync("bucket", "joined", Ct))
            Assert.Equal((byte[])[.. source[..5_300_000], .. source[4_000_000..5_000_000]], await BytesAsync(got));

        var other = (await s3.InitiateMultipartUploadAsync("bucket", "给 up", Ct)).UploadId;
        Assert.Equal(["给 up"], (await s3.ListMultipartUploadsAsync("bucket", Ct)).MultipartUploads.Select(u => u.Key));
        await s3.AbortMultipartUploadAsync("bucket", "给 up", other, Ct);
        Assert.Empty((await s3.ListMultipartUploadsAsync("bucket", Ct)).MultipartUploads ?? []);
    }

    [Fact]
    public async Task Buckets_are_made_looked_at_and_removed()
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client();
        await s3.PutBucketAsync("another", Ct);
        Assert.Equal(["another", "bucket"], (await s3.ListBucketsAsync(Ct)).Buckets.Select(b => b.BucketName));
        await s3.HeadBucketAsync(new() { BucketName = "another" }, Ct);
        Assert.Contains((await s3.GetBucketLocationAsync("another", Ct)).Location?.Value ?? "", (string[])["", "us-east-1"]);
        await s3.PutCORSConfigurationAsync(new() { BucketName = "another", Configuration = new() { Rules = [new() { AllowedOrigins = ["*"], AllowedMethods = ["GET"] }] } }, Ct);
        Assert.Equal(["*"], Assert.Single((await s3.GetCORSConfigurationAsync("another", Ct)).Configuration.Rules).AllowedOrigins);
        await s3.DeleteCORSConfigurationAsync("another", Ct);
        await s3.DeleteBucketAsync("another", Ct);
        Assert.Equal("NoSuchBucket", (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.ListObjectsV2Async(new() { BucketName = "another" }, Ct))).ErrorCode);
        Assert.Equal("NotImplemented", (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.GetBucketVersioningAsync("bucket", Ct))).ErrorCode);
    }

    [Fact]
    public async Task Conditions_hold()
    {
        await using var house = await S3House.StartAsync();
        using var s3 = house.Client();
        var put = await s3.PutObjectAsync(new() { BucketName = "bucket", Key = "k", ContentBody = "1" }, Ct);
        var refused = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new() { BucketName = "bucket", Key = "k", ContentBody = "2", IfNoneMatch = "*" }, Ct));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), (refused.StatusCode, refused.ErrorCode));
        await s3.PutObjectAsync(new() { BucketName = "bucket", Key = "k", ContentBody = "3", IfMatch = put.ETag }, Ct);
        Assert.Equal("PreconditionFailed", (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.GetObjectAsync(new() { BucketName = "bucket", Key = "k", EtagToMatch = put.ETag }, Ct))).ErrorCode);
        var same = await Assert.ThrowsAnyAsync<AmazonS3Exception>(
            () => s3.GetObjectAsync(new() { BucketName = "bucket", Key = "k", ModifiedSinceDate = DateTime.UtcNow.AddMinutes(1) }, Ct));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    static byte[] Part(int number, int size)
    {
        var bytes = new byte[size];
        bytes.AsSpan().Fill((byte)number);
        return bytes;
    }

    static async Task<List<string>> KeysAsync(AmazonS3Client s3, int pageSize)
    {
        var keys = new List<string>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new() { BucketName = "bucket", MaxKeys = pageSize }).S3Objects.WithCancellation(Ct))
            keys.Add(found.Key);
        return keys;
    }

    static async Task<byte[]> BytesAsync(GetObjectResponse got)
    {
        using var bytes = new MemoryStream();
        await got.ResponseStream.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }
}
