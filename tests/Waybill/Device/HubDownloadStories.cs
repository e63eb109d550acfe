using System.Net;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>Downloads of the device library from the real server.</summary>
public sealed class HubDownloadStories
{
    static readonly byte[] Film = RandomNumberGenerator.GetBytes(300_000);

    [Fact]
    public async Task A_file_that_was_ordered_is_fetched_when_the_device_asks()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await using var device = await house.DeviceAsync();
        await house.OrderAsync("film.bin");
        using var storage = new Storage();
        var outcome = await device.DownloadAsync(storage.Open, null, DeviceHouse.Soon);
        Assert.True(outcome.IsOk);
        Assert.Equal(Film, storage.Bytes("film.bin"));
        await house.TransferAsync("film.bin", "ok");
    }

    [Fact]
    public async Task Files_are_pushed_one_after_the_other_to_a_device_that_never_asks()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await house.StoreAsync("song.bin", Film[..5000]);
        await using var device = await house.DeviceAsync();
        await house.OrderAsync("film.bin");
        await house.OrderAsync("song.bin");
        using var storage = new Storage();
        Assert.Equal("film.bin", (await device.ReceiveAsync(storage.Open, null, DeviceHouse.Soon)).Resource.Name);
        Assert.Equal("song.bin", (await device.ReceiveAsync(storage.Open, null, DeviceHouse.Soon)).Resource.Name);
        Assert.Equal(Film[..5000], storage.Bytes("song.bin"));
        await house.TransferAsync("song.bin", "ok");
    }

    [Fact]
    public async Task A_device_that_waits_is_told_at_once_what_is_ordered()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await using var device = await house.DeviceAsync();
        using var storage = new Storage();
        var waiting = device.DownloadAsync(storage.Open, null, DeviceHouse.Soon);
        await house.OrderAsync("film.bin");
        Assert.True((await waiting).IsOk);
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_broke()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        using var http = new FaultyHttp { BreakNextBodyAt = 123_456 };
        await using var device = await house.DeviceAsync(http: http);
        await house.OrderAsync("film.bin");
        using var storage = new Storage();
        var outcome = await device.DownloadAsync(storage.Open, null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        Assert.Equal(["GET bytes=0-300000", "GET bytes=123456-300000"], http.Asked);
        Assert.Equal(Film, storage.Bytes("film.bin"));
        await house.TransferAsync("film.bin", "ok");
    }

    [Fact]
    public async Task A_download_goes_on_after_a_reboot()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        using var storage = new Storage();
        using var http = new FaultyHttp();
        var first = await house.DeviceAsync(http: http);
        await house.OrderAsync("film.bin");
        // Power is cut when the first bytes are there
        var cut = new Cut(first.Abort, at: 1);
        await Assert.ThrowsAsync<MqttException>(() => first.DownloadAsync(storage.Open, cut, DeviceHouse.Soon));
        await first.DisposeAsync();
        var saved = storage.Bytes("film.bin").Length;
        await using var second = await house.DeviceAsync(http: http);
        Assert.True((await second.DownloadAsync(storage.Open, null, DeviceHouse.Soon)).IsOk);
        Assert.Equal($"GET bytes={saved}-300000", http.Asked[^1]);
        Assert.Equal(Film, storage.Bytes("film.bin"));
        await house.TransferAsync("film.bin", "ok");
    }

    [Fact]
    public async Task A_file_that_arrives_spoiled_is_fetched_anew()
    {
        await using var house = await DeviceHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        using var http = new FaultyHttp(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[Film.Length]) });
        await using var device = await house.DeviceAsync(http: http);
        await house.OrderAsync("film.bin");
        using var storage = new Storage();
        var outcome = await device.DownloadAsync(storage.Open, null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        Assert.Equal(Film, storage.Bytes("film.bin"));
        Assert.Equal(HubResults.Md5NotMatched, (await house.TransferAsync("film.bin", "ok")).GetProperty("code").GetInt32());
    }
}
