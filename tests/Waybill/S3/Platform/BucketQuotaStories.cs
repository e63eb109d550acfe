using System.Net;
using Amazon.S3;
using Waybill.Objects;
using Waybill.Tests.Objects;
using Xunit;

namespace Waybill.Tests.S3.Platform;

/// <summary>What buckets hold is counted, and what they may hold is held to.</summary>
public sealed class BucketQuotaStories
{
    static CancellationToken Ct => House.Soon;

    [Theory]
    [InlineData("""{"maxBytes":10000}""", "maxBytes")]
    [InlineData("""{"maxObjects":2}""", "maxObjects")]
    public async Task A_full_bucket_refuses_and_stores_nothing(string quota, string named)
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync(quota: quota);
        using var s3 = house.Owner();
        await s3.PutAsync("a", StoreDirectory.Random(4000));
        await s3.PutAsync("b", StoreDirectory.Random(4000));
        var refused = await S3Play.RefusedAsync(s3.PutAsync("c", StoreDirectory.Random(4000)));
        Assert.Equal((HttpStatusCode.Forbidden, "QuotaExceeded"), (refused.StatusCode, refused.ErrorCode));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(s3.CopyObjectAsync("box", "a", "box", "c", Ct))).ErrorCode);
        Assert.Equal(("2", "8000"), await house.CountedAsync());
        Assert.Equal(2, house.Get<DiskStore>().All().Count());

        await s3.PutAsync("b", StoreDirectory.Random(5000));
        await s3.DeleteObjectAsync("box", "a", Ct);
        await s3.PutAsync("c", StoreDirectory.Random(4000));
        Assert.Equal(("2", "9000"), await house.CountedAsync());
    }

    [Fact]
    public async Task A_body_too_large_for_the_bucket_is_refused_before_it_is_taken_and_of_many_at_once_only_what_fits_is_stored()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync(quota: """{"maxBytes":10000}""");
        using var s3 = house.Owner();
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(s3.PutAsync("a", StoreDirectory.Random(10_001)))).ErrorCode);
        await house.NothingStoredAsync();
        // one by one both fit
        var both = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await s3.PutAsync($"k{i}", StoreDirectory.Random(6000));
                return "stored";
            }
            catch (AmazonS3Exception e)
            {
                return e.ErrorCode;
            }
        }));
        Assert.Equal(("stored", 7), (Assert.Single(both, b => b != "QuotaExceeded"), both.Count(b => b == "QuotaExceeded")));
        Assert.Equal(("1", "6000"), await house.CountedAsync());
    }

    [Fact]
    public async Task Parts_under_way_take_a_buckets_room_and_what_they_become_is_held_to_it()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync(quota: """{"maxBytes":10000}""");
        using var s3 = house.Owner();
        var parts = await s3.PartsAsync("a", StoreDirectory.Random(6000));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(s3.PartsAsync("b", StoreDirectory.Random(6000)))).ErrorCode);
        await s3.PutAsync("c", StoreDirectory.Random(5000));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(s3.CompleteMultipartUploadAsync(parts, Ct))).ErrorCode);
        Assert.Equal(("1", "5000"), await house.CountedAsync());
        await s3.DeleteObjectAsync("box", "c", Ct);
        await s3.CompleteMultipartUploadAsync(parts, Ct);
        Assert.Equal(("1", "6000"), await house.CountedAsync());
    }

    [Fact]
    public async Task Counters_are_right_after_anything_that_was_done_at_once()
    {
        await using var house = await S3Play.HouseAsync();
        await house.BucketAsync();
        await house.BucketAsync("other", """{"maxObjects":6,"maxBytes":60000}""");
        using var s3 = house.Owner();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(n => RunAsync(s3, new Random(n))));
        var (objects, _) = await house.CountedAsync();
        Assert.NotEqual("0", objects);
        var (limited, bytes) = await house.CountedAsync("other");
        Assert.InRange(int.Parse(limited!), 0, 6);
        Assert.InRange(int.Parse(bytes!), 0, 60_000);
    }

    static async Task RunAsync(AmazonS3Client s3, Random random)
    {
        for (var i = 0; i < 40; i++)
        {
            try
            {
                await OnceAsync(s3, random);
            }
            catch (AmazonS3Exception e) when (e.ErrorCode is "QuotaExceeded" or "NoSuchKey" or "InvalidRequest")
            {
                // another was faster, or the bucket is full
            }
        }
    }

    static Task OnceAsync(AmazonS3Client s3, Random random)
    {
        string Bucket() => random.Next(3) == 0 ? "other" : "box";
        string Key() => $"k{random.Next(8)}";
        return random.Next(6) switch
        {
            0 => s3.DeleteObjectAsync(Bucket(), Key(), Ct),
            1 => s3.DeleteObjectsAsync(new() { BucketName = Bucket(), Objects = [new() { Key = "k1" }, new() { Key = Key() }, new() { Key = "k0" }] }, Ct),
            2 => s3.CopyObjectAsync("box", Key(), Bucket(), Key(), Ct),
            3 => PartsAsync(s3, Key(), random),
            _ => s3.PutAsync(Key(), StoreDirectory.Random(random.Next(20_000)), Bucket()),
        };
    }

    static async Task PartsAsync(AmazonS3Client s3, string key, Random random) =>
        await s3.CompleteMultipartUploadAsync(await s3.PartsAsync(key, StoreDirectory.Random(random.Next(1, 20_000))), Ct);
}
