using System.Net;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>What devices of the Explorer dialect are told by the real server.</summary>
public sealed class ExplorerCommandStories
{
    static readonly byte[] Film = RandomNumberGenerator.GetBytes(300_000);

    public static TheoryData<ExplorerVariant> Variants => [.. Enum.GetValues<ExplorerVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task Files_that_were_ordered_are_fetched_one_after_the_other_and_then_deleted(ExplorerVariant variant)
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await house.StoreAsync("song.bin", Film[..5000]);
        await house.OrderAsync("download", "film.bin");
        await using var device = await house.DeviceAsync(variant);
        await house.OrderAsync("download", "song.bin");
        Assert.Equal("film.bin", await DoneAsync(device, ExplorerTransfer.Download));
        Assert.Equal("song.bin", await DoneAsync(device, ExplorerTransfer.Download));
        await house.TransferAsync("film.bin", "ok");
        await house.TransferAsync("song.bin", "ok");
        Assert.Equal(Film, house.Bytes("film.bin"));
        Assert.Equal(Film[..5000], house.Bytes("song.bin"));
        Assert.Equal(["film.bin", "song.bin"], device.Held.Select(r => r.Name));

        await house.OrderAsync("removal", "film.bin");
        Assert.Equal("film.bin", await DoneAsync(device, ExplorerTransfer.Removal));
        await house.TransferAsync("film.bin", "ok");
        // The Java SDK clears its directory
        Assert.Equal(variant == ExplorerVariant.Java ? [] : ["song.bin"], device.Held.Select(r => r.Name));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_refused_download_is_pushed_again(ExplorerVariant variant)
    {
        await using var house = await ExplorerHouse.StartAsync(_ => new HttpResponseMessage(HttpStatusCode.Forbidden));
        await house.StoreAsync("film.bin", Film);
        await house.OrderAsync("download", "film.bin");
        await using var device = await house.DeviceAsync(variant);
        var first = await device.ReceiveAsync(null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Failed, ExplorerResults.AuthFailed), (first.Ending, first.Code));
        Assert.Equal("film.bin", await DoneAsync(device, ExplorerTransfer.Download));
        var transfer = await house.TransferAsync("film.bin", "ok");
        Assert.Equal((1, ExplorerResults.AuthFailed), (transfer.GetProperty("attempts").GetInt32(), transfer.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task A_broken_segment_is_fetched_again_from_where_it_broke()
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("film.bin", Film[..60_000]);
        await house.OrderAsync("download", "film.bin");
        house.BreakNextBodyAt(1000);
        await using var device = await house.DeviceAsync(ExplorerVariant.C3);
        var outcome = await device.ReceiveAsync(null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        Assert.Equal(["GET bytes=0-51199", "GET bytes=1000-52199", "GET bytes=52200-59999"], house.Asked);
        await house.TransferAsync("film.bin", "ok");
    }

    [Fact]
    public async Task Java_begins_a_broken_download_anew()
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await house.OrderAsync("download", "film.bin");
        house.BreakNextBodyAt(1000);
        await using var device = await house.DeviceAsync(ExplorerVariant.Java);
        Assert.Equal("film.bin", await DoneAsync(device, ExplorerTransfer.Download));
        Assert.Equal(["GET bytes=0-", "GET bytes=0-"], house.Asked);
        Assert.Equal(Film, house.Bytes("film.bin"));
        await house.TransferAsync("film.bin", "ok");
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(300_000)]
    public async Task A_download_goes_on_after_a_reboot(int at)
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await house.OrderAsync("download", "film.bin");
        var first = await house.DeviceAsync(ExplorerVariant.C3);
        var cut = new Cut(first.Abort, at);
        await Assert.ThrowsAsync<MqttException>(() => first.ReceiveAsync(cut, DeviceHouse.Soon));
        await first.DisposeAsync();
        var saved = house.Bytes("film.bin").Length;
        await using var second = await house.DeviceAsync(ExplorerVariant.C3);
        Assert.Equal("film.bin", await DoneAsync(second, ExplorerTransfer.Download));
        if (saved < Film.Length)
            Assert.Contains($"GET bytes={saved}-{Math.Min(saved + 51199, Film.Length - 1)}", house.Asked);
        Assert.Equal(Film, house.Bytes("film.bin"));
        await house.TransferAsync("film.bin", "ok");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task A_reflashed_device_gets_its_list_back_where_its_SDK_understands_it(ExplorerVariant variant)
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("film.bin", Film);
        await house.OrderAsync("download", "film.bin");
        await using var device = await house.DeviceAsync(variant);
        Assert.Equal("film.bin", await DoneAsync(device, ExplorerTransfer.Download));
        await house.TransferAsync("film.bin", "ok");
        Assert.Equal(
            variant == ExplorerVariant.C3 ? [] : [new("film.bin", ExplorerHouse.Version, ExplorerResource.File)],
            await device.ReflashAsync(DeviceHouse.Soon));
    }

    [Fact]
    public async Task An_empty_file_is_uploaded_and_fetched()
    {
        await using var house = await ExplorerHouse.StartAsync();
        await house.StoreAsync("empty.bin", []);
        await house.OrderAsync("download", "empty.bin");
        await using var device = await house.DeviceAsync(ExplorerVariant.C3);
        Assert.Equal("empty.bin", await DoneAsync(device, ExplorerTransfer.Download));
        await house.TransferAsync("empty.bin", "ok");
        Assert.True((await device.UploadAsync(new("nothing", "1", new MemoryStream()), null, DeviceHouse.Soon)).IsOk);
        await house.TransferAsync("nothing", "ok");
    }

    static async Task<string> DoneAsync(ExplorerDevice device, ExplorerTransfer kind)
    {
        var outcome = await device.ReceiveAsync(null, DeviceHouse.Soon);
        Assert.Equal((kind, TransferEnding.Ok, ExplorerResults.Ok), (outcome.Kind, outcome.Ending, outcome.Code));
        return outcome.Resource.Name;
    }
}
