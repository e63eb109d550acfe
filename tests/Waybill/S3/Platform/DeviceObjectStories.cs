using System.Net;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Tests.Api;
using Waybill.Tests.Events;
using Waybill.Tests.Objects;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.S3.Platform;

/// <summary>What a device puts with its temporary credentials is the device's.</summary>
public sealed class DeviceObjectStories
{
    const string Device = "/api/v1/products/ABCDE12345/devices/dev001";
    const string Rules = "/api/v1/products/ABCDE12345/upload-rules";

    static CancellationToken Ct => House.Soon;

    [Theory]
    [InlineData("""{"maxSize":9999}""", "EntityTooLarge", HttpStatusCode.BadRequest)]
    [InlineData("""{"maxBytes":9999}""", "QuotaExceeded", HttpStatusCode.Forbidden)]
    [InlineData("""{"maxFiles":0}""", "QuotaExceeded", HttpStatusCode.Forbidden)]
    [InlineData("""{"perHour":0}""", "QuotaExceeded", HttpStatusCode.Forbidden)]
    public async Task Its_rules_hold_for_it_and_for_nobody_else(string rules, string code, HttpStatusCode status)
    {
        await using var house = await StartAsync(rules);
        using var device = house.DeviceClient();
        var refused = await S3Play.RefusedAsync(device.PutAsync("a", StoreDirectory.Random(10_000)));
        Assert.Equal((status, code), (refused.StatusCode, refused.ErrorCode));
        Assert.Contains("allowed", refused.Message, StringComparison.Ordinal);
        await house.NothingStoredAsync();
        Assert.Equal("a", (await house.SendAsync("GET", Device))["uploads.lastRefused.file"]);

        using var owner = house.Owner();
        await owner.PutAsync("a", StoreDirectory.Random(10_000));
    }

    [Fact]
    public async Task What_it_put_counts_with_what_it_uploaded_until_it_goes()
    {
        await using var house = await StartAsync("""{"maxFiles":2,"maxBytes":10000}""");
        using var device = house.DeviceClient();
        await device.PutAsync("a", StoreDirectory.Random(4000));
        await device.PutAsync("b", StoreDirectory.Random(4000));
        Assert.Equal(("2", "8000"), await UsageAsync(house));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.PutAsync("c", [1]))).ErrorCode);
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.CopyObjectAsync("box", "a", "box", "c", Ct))).ErrorCode);
        // in the place of its own there is room
        await device.PutAsync("b", StoreDirectory.Random(6000));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.PutAsync("b", StoreDirectory.Random(6001)))).ErrorCode);
        await device.DeleteObjectAsync("box", "a", Ct);
        await device.PutAsync("c", StoreDirectory.Random(4000));
        Assert.Equal(("2", "10000"), await UsageAsync(house));
    }

    [Fact]
    public async Task Its_parts_under_way_count()
    {
        await using var house = await StartAsync("""{"maxBytes":10000,"maxSize":8000}""");
        using var device = house.DeviceClient();
        var parts = await device.PartsAsync("a", StoreDirectory.Random(6000));
        Assert.Equal(("1", "6000"), await UsageAsync(house));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.PutAsync("b", StoreDirectory.Random(4001)))).ErrorCode);
        Assert.Equal("EntityTooLarge", await PartAsync(device, parts.UploadId, 3000));
        await device.CompleteMultipartUploadAsync(parts, Ct);
        Assert.Equal(("1", "6000"), await UsageAsync(house));
        Assert.Equal("ABCDE12345/dev001", (await ObjectAsync(house, "a"))["device"]);
    }

    [Fact]
    public async Task So_many_an_hour()
    {
        await using var house = await StartAsync("""{"perHour":2}""");
        using var device = house.DeviceClient();
        await device.PutAsync("a", [1]);
        await device.CompleteMultipartUploadAsync(await device.PartsAsync("b", [2]), Ct);
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.PutAsync("c", [3]))).ErrorCode);
        Assert.Equal("2", (await house.SendAsync("GET", Device))["uploads.lastHour"]);
    }

    [Fact]
    public async Task Of_many_put_at_once_no_more_are_stored_than_its_rules_allow()
    {
        await using var house = await StartAsync("""{"maxBytes":10000}""");
        using var device = house.DeviceClient();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RefusalAsync(device.PutAsync($"k{i}", StoreDirectory.Random(6000)))));
        Assert.Single(all, refused => refused is null);
        Assert.Equal(("1", "6000"), await UsageAsync(house));
    }

    [Fact]
    public async Task It_is_listed_and_read_by_who_may_read_what_is_its()
    {
        await using var house = await StartAsync("{}");
        await house.DeviceAsync(device: "dev002");
        using var device = house.DeviceClient();
        using var other = house.DeviceClient("dev002");
        await device.PutAsync("z/Ä +.log", [1, 2, 3]);
        await device.PutAsync("a", [1]);
        await other.PutAsync("b", [2]);

        var first = (await house.SendAsync("GET", Device + "/objects?limit=1")).Is(HttpStatusCode.OK);
        var second = (await house.SendAsync("GET", Device + $"/objects?limit=1&after={first["next"]}")).Is(HttpStatusCode.OK);
        Assert.Equal(("a", "z/Ä +.log", null), (first["items.0.key"], second["items.0.key"], second["next"]));

        var (files, content) = (await house.TokenAsync(House.AdminKey, "dev001", "files.read"), Device + "/object/content?bucket=box&key=z%2F%C3%84%20%2B.log");
        Assert.Equal("2", (await house.ByAsync(files, "GET", Device + "/objects")).Is(HttpStatusCode.OK).Json.GetProperty("items").GetArrayLength().ToString());
        (await house.ByAsync(files, "GET", content)).Is(HttpStatusCode.OK);
        (await house.ByAsync(files, "GET", Device + "/object/content?bucket=box&key=b")).IsProblem(HttpStatusCode.NotFound, "object_not_found");
        (await house.ByAsync(files, "GET", "/api/v1/buckets/box/object?key=a")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        var reader = await house.KeyAsync("reader");
        (await house.ByAsync(reader, "GET", "/api/v1/buckets/box/objects")).Is(HttpStatusCode.OK);
        (await house.ByAsync(reader, "GET", content)).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(reader, "GET", "/api/v1/buckets/box/object/content?key=a")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
        (await house.ByAsync(reader, "DELETE", "/api/v1/buckets/box/object?key=a")).IsProblem(HttpStatusCode.Forbidden, "not_allowed");
    }

    [Fact]
    public async Task It_goes_with_the_device_and_so_do_its_credentials()
    {
        await using var house = await StartAsync("{}", ("Objects:Grace", "00:00:00.1"));
        await house.DeviceAsync(device: "dev002");
        using var device = house.DeviceClient();
        using var other = house.DeviceClient("dev002");
        using var owner = house.Owner();
        for (var i = 0; i < 60; i++)
            await device.PutAsync($"mine{i}", StoreDirectory.Random(10));
        await device.PartsAsync("parts", StoreDirectory.Random(10));
        await other.PutAsync("other", [1]);
        await owner.PutAsync("owner", [2]);

        (await house.SendAsync("DELETE", Device)).Is(HttpStatusCode.NoContent);
        Assert.Equal(("2", "2"), await house.CountedAsync());
        Assert.Equal("AccessDenied", (await S3Play.RefusedAsync(device.PutAsync("again", [1]))).ErrorCode);
        Assert.Equal(0, await house.Get<Database>().FirstAsync<long>("select (select count(*) from s3_uploads) + (select count(*) from s3_parts)", null, Ct));
        await house.SettledAsync();
        var told = (await house.SendAsync("GET", "/api/v1/events?type=object.removed")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal((60, true), (told.Count, told.TrueForAll(e => e.GetProperty("device").GetString() is null)));
        await Eventually.IsAsync("the bytes are swept", () => house.Get<DiskStore>().All().Count() == 2);
        Assert.Equal([2], await ReadAsync(owner, "owner"));
        // a device of that name is another one
        await house.DeviceAsync();
        Assert.Empty((await house.SendAsync("GET", Device + "/objects")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Its_oldest_go_when_the_rules_keep_so_many()
    {
        await using var house = await StartAsync("""{"keepNewest":2}""");
        using var device = house.DeviceClient();
        using var owner = house.Owner();
        await owner.PutAsync("owner", [1]);
        await house.UploadAsync("upload", [1]);
        foreach (var key in (string[])["a", "b", "c"])
            await device.PutAsync(key, StoreDirectory.Random(10));

        const string Retention = "/api/v1/products/ABCDE12345/upload-retention";
        var look = (await house.SendAsync("POST", Retention, """{"dryRun":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("2", "11"), (look["files"], look["bytes"]));
        Assert.Equal([(null, "upload"), ("box", "a")], look.Json.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("bucket").GetString(), i.GetProperty("file").GetString())));
        Assert.Equal(("4", "31"), await house.CountedAsync());
        var run = (await house.SendAsync("POST", Retention, "{}")).Is(HttpStatusCode.OK);
        Assert.Equal(("2", "11"), (run["files"], run["bytes"]));
        Assert.Equal(("3", "21"), await house.CountedAsync());
        await house.SettledAsync();
        Assert.Equal("retention", (await house.SendAsync("GET", "/api/v1/events?type=object.removed"))["items.0.object.by"]);
        Assert.Equal(("2", "20"), await UsageAsync(house));
    }

    [Fact]
    public async Task A_disabled_device_puts_nothing()
    {
        await using var house = await StartAsync("{}");
        using var device = house.DeviceClient();
        await device.PutAsync("a", [1]);
        (await house.SendAsync("PATCH", Device, """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("AccessDenied", (await S3Play.RefusedAsync(device.PutAsync("b", [1]))).ErrorCode);
        Assert.Equal(("1", "1"), await house.CountedAsync());
    }

    [Fact]
    public async Task What_it_put_leaves_less_for_its_transfers()
    {
        await using var house = await StartAsync("{}");
        await using var hub = await HubDevice.ConnectAsync(house.Server.MqttPort);
        using var device = house.DeviceClient();
        var bytes = StoreDirectory.Random(1000);
        var url = await hub.AskUploadAsync("a", bytes);
        await device.PutAsync("object", [1]);
        (await house.SendAsync("PUT", Rules, """{"maxBytes":1000}""")).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, bytes));
        await device.DeleteObjectAsync("box", "object", Ct);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await hub.AskUploadAsync("a", bytes), bytes));
        Assert.Equal("QuotaExceeded", (await S3Play.RefusedAsync(device.PutAsync("object", [1]))).ErrorCode);
    }

    static async Task<byte[]> ReadAsync(Amazon.S3.AmazonS3Client s3, string key)
    {
        using var got = await s3.GetObjectAsync("box", key, Ct);
        var bytes = new MemoryStream();
        await got.ResponseStream.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    static async Task<House> StartAsync(string rules, params (string Key, string? Value)[] settings)
    {
        var house = await S3Play.HouseAsync(settings);
        await house.DeviceAsync();
        await house.BucketAsync();
        (await house.SendAsync("PUT", Rules, rules)).Is(HttpStatusCode.OK);
        return house;
    }

    static async Task<(string?, string?)> UsageAsync(House house)
    {
        var device = (await house.SendAsync("GET", Device)).Is(HttpStatusCode.OK);
        return (device["uploads.files"], device["uploads.bytes"]);
    }

    static async Task<Reply> ObjectAsync(House house, string key) =>
        (await house.SendAsync("GET", $"/api/v1/buckets/box/object?key={Uri.EscapeDataString(key)}")).Is(HttpStatusCode.OK);

    static async Task<string?> PartAsync(Amazon.S3.AmazonS3Client s3, string upload, int size) => await RefusalAsync(s3.UploadPartAsync(
        new() { BucketName = "box", Key = "a", UploadId = upload, PartNumber = 2, InputStream = new MemoryStream(StoreDirectory.Random(size)) }, Ct));

    /// <summary>The code of a refusal; null: there was none.</summary>
    static async Task<string?> RefusalAsync<T>(Task<T> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (Amazon.S3.AmazonS3Exception e)
        {
            return e.ErrorCode;
        }
    }
}
