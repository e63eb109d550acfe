using System.Net;
using Amazon.Runtime;
using Waybill.Tests.Protocols;
using Waybill.Tests.S3;
using Waybill.Tests.Transcripts;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>What a dock may do with the key that it was told for one log request.</summary>
public sealed class DockCredentialStories
{
    [Fact]
    public async Task They_put_below_the_requests_prefix_and_nothing_else_and_no_longer_than_it_lasts()
    {
        await using var house = await House.StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        var steps = Transcript.Of("DjiCloud").Single(t => t.Name == "logs-aircraft-off").Steps;
        foreach (var step in steps.TakeWhile(s => s.Mark != "!"))
            await dock.PlayAsync(step);
        var key = new SessionAWSCredentials(dock.Word("key"), dock.Word("secret"), dock.Word("token"));
        var bucket = dock.Word("bucket");
        var prefix = dock.Word("prefix").TrimEnd('/') + "/";

        Assert.Null(await PutAsync(house, key, bucket, prefix + "more.tar"));
        foreach (var outside in (string[])["logs/", "logs/other/a.tar", "media/docks/4TADOCK0000001/a.jpeg", prefix.TrimEnd('/') + "0/a.tar", "a"])
            Assert.Equal("AccessDenied", await PutAsync(house, key, bucket, outside));
        Assert.Equal("AccessDenied", await StoragePlay.TryAsync(house.S3(key), s3 => s3.GetObjectAsync(bucket, prefix + "more.tar", House.Soon)));
        Assert.Equal("AccessDenied", await StoragePlay.TryAsync(house.S3(key), s3 => s3.DeleteObjectAsync(bucket, prefix + "more.tar", House.Soon)));
        Assert.Equal("AccessDenied", await StoragePlay.TryAsync(house.S3(key), s3 => s3.ListObjectsV2Async(new() { BucketName = bucket }, House.Soon)));

        foreach (var step in steps.SkipWhile(s => s.Mark != "!"))
            await dock.PlayAsync(step);
        Assert.NotNull(await PutAsync(house, key, bucket, prefix + "late.tar"));
    }

    [Fact]
    public async Task The_url_of_a_package_is_good_as_long_as_the_upgrade_is_open()
    {
        await using var house = await House.StartAsync();
        await using var dock = await PlayedDock.StartAsync(house);
        foreach (var step in Transcript.Of("DjiCloud").Single(t => t.Name == "upgrade").Steps)
            await dock.PlayAsync(step);
        using var late = await house.Devices.GetAsync(new Uri(dock.Word("url")), House.Soon);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        using var forged = await house.Devices.GetAsync(new Uri(dock.Word("url")[..^3] + "AAA"), House.Soon);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
    }

    static Task<string?> PutAsync(House house, AWSCredentials key, string bucket, string name) =>
        StoragePlay.TryAsync(house.S3(key), s3 => s3.PutObjectAsync(new() { BucketName = bucket, Key = name, InputStream = new MemoryStream([1]) }, House.Soon));
}
