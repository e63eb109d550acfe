using System.Net;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>The device library against the real server.</summary>
public sealed class HubDeviceStories
{
    static readonly byte[] Film = RandomNumberGenerator.GetBytes(300_000);

    [Theory]
    [InlineData(HubVariant.C)]
    [InlineData(HubVariant.Python)]
    public async Task An_uploaded_file_is_at_the_server_byte_for_byte(HubVariant variant)
    {
        await using var house = await DeviceHouse.StartAsync();
        await using var device = await house.DeviceAsync(variant: variant);
        var moved = new Moved();
        var outcome = await device.UploadAsync(new("录像.bin", new MemoryStream(Film)), moved, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, HubResults.Ok, 1), (outcome.Ending, outcome.Code, outcome.Attempts));
        Assert.Equal(new BytesMoved(Film.Length, Film.Length), moved.Last);
        Assert.Equal(Film, await house.ContentAsync(await house.TransferAsync("录像.bin", "ok")));
    }

    [Fact]
    public async Task An_empty_file_is_uploaded_and_fetched()
    {
        await using var house = await DeviceHouse.StartAsync();
        await using var device = await house.DeviceAsync();
        Assert.True((await device.UploadAsync(new("nothing", new MemoryStream()), null, DeviceHouse.Soon)).IsOk);
        await house.TransferAsync("nothing", "ok");
        await house.StoreAsync("empty.bin", []);
        await house.OrderAsync("empty.bin");
        using var storage = new Storage();
        Assert.True((await device.DownloadAsync(storage.Open, null, DeviceHouse.Soon)).IsOk);
        await house.TransferAsync("empty.bin", "ok");
    }

    [Fact]
    public async Task A_broken_upload_is_done_again_as_the_same_transfer()
    {
        await using var house = await DeviceHouse.StartAsync();
        using var http = new FaultyHttp { BreakNextBodyAt = 100_000 };
        await using var device = await house.DeviceAsync(http: http);
        var outcome = await device.UploadAsync(new("film.bin", new MemoryStream(Film)), null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        var transfer = await house.TransferAsync("film.bin", "ok");
        Assert.Equal(1, transfer.GetProperty("attempts").GetInt32());
        Assert.Equal(Film, await house.ContentAsync(transfer));
    }

    [Fact]
    public async Task A_refused_upload_asks_for_another_url()
    {
        await using var house = await DeviceHouse.StartAsync();
        using var http = new FaultyHttp(_ => new HttpResponseMessage(HttpStatusCode.Forbidden));
        await using var device = await house.DeviceAsync(http: http);
        var outcome = await device.UploadAsync(new("film.bin", new MemoryStream(Film)), null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        Assert.Equal(-3, (await house.TransferAsync("film.bin", "ok")).GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Bytes_with_another_md5_than_announced_are_refused_until_the_device_gives_up()
    {
        await using var house = await DeviceHouse.StartAsync();
        await using var device = await house.DeviceAsync();
        var wrong = new HubFile("film.bin", new MemoryStream(Film)) { Md5 = Md5Digest.FromBytes(new byte[16]) };
        var outcome = await device.UploadAsync(wrong, null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Failed, HubResults.SignInvalid, 5), (outcome.Ending, outcome.Code, outcome.Attempts));
        await house.TransferAsync("film.bin", "failed");
    }

    [Fact]
    public async Task What_is_claimed_and_not_sent_fails_after_the_grace_time()
    {
        await using var house = await DeviceHouse.StartAsync(("Transfers:Grace", "00:00:01"));
        await using var device = await house.DeviceAsync();
        await device.PublishAsync(new CreateUploadTask(new("film.bin", Film.Length, new(Md5Digest.FromBytes(MD5.HashData(Film))))), DeviceHouse.Soon);
        await device.PublishAsync(new ReportUploadProgress("film.bin", new(HubState.Done, 100, HubResults.Ok, "")), DeviceHouse.Soon);
        await house.TransferAsync("film.bin", "failed");
    }

    [Fact]
    public async Task A_canceled_upload_stops()
    {
        await using var house = await DeviceHouse.StartAsync();
        await using var device = await house.DeviceAsync();
        await using var slow = new SlowStream(Film);
        var uploading = device.UploadAsync(new("film.bin", slow) { Md5 = Md5Digest.FromBytes(MD5.HashData(Film)) }, null, DeviceHouse.Soon);
        var transfer = await house.TransferAsync("film.bin", "in_progress");
        (await house.House.SendAsync("POST", $"/api/v1/transfers/{transfer.GetProperty("id")}/cancel")).Is(HttpStatusCode.OK);
        var outcome = await uploading;
        Assert.Equal(TransferEnding.Canceled, outcome.Ending);
        await house.TransferAsync("film.bin", "canceled");
    }

    [Fact]
    public async Task Fifty_devices_upload_and_fetch_side_by_side()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var name = $"dev{i}";
            await using var device = await house.DeviceAsync(name);
            await house.OrderAsync("film.bin", name);
            using var storage = new Storage();
            var upload = device.UploadAsync(new("mine.bin", new MemoryStream(Film[i..])), null, DeviceHouse.Soon);
            Assert.True((await device.DownloadAsync(storage.Open, null, DeviceHouse.Soon)).IsOk);
            Assert.True((await upload).IsOk);
            Assert.Equal(Film, storage.Bytes("film.bin"));
            Assert.Equal(Film[i..], await house.ContentAsync(await house.TransferAsync("mine.bin", "ok", name)));
        }));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.House.DeviceAsync(DeviceHouse.Product, "dev001");
        var options = new HubDeviceOptions
        {
            Host = "127.0.0.1",
            Port = house.House.Server.MqttPort,
            Identity = new(DeviceHouse.Product, "dev001", "d3Jvbmc="),
        };
        await Assert.ThrowsAsync<MqttException>(() => HubDevice.ConnectAsync(options, DeviceHouse.Soon));
    }
}
