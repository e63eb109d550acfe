using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Protocols.TencentExplorer;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>Uploads of the device library in the Explorer dialect, on the real server.</summary>
public sealed class ExplorerUploadStories
{
    static readonly byte[] Film = RandomNumberGenerator.GetBytes(300_000);

    public static TheoryData<ExplorerVariant> Variants => [.. Enum.GetValues<ExplorerVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task An_uploaded_file_is_at_the_server_byte_for_byte(ExplorerVariant variant)
    {
        await using var house = await ExplorerHouse.StartAsync();
        await using var device = await house.DeviceAsync(variant);
        var moved = new Moved();
        var outcome = await device.UploadAsync(new("照片.jpg", ExplorerHouse.Version, new MemoryStream(Film)) { Type = "AUDIO" }, moved, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, ExplorerResults.Ok, 1), (outcome.Ending, outcome.Code, outcome.Attempts));
        Assert.Equal(new BytesMoved(Film.Length, Film.Length), moved.Last);
        Assert.Equal(Film, await house.ContentAsync(await house.TransferAsync("照片.jpg", "ok")));
    }

    [Fact]
    public async Task A_broken_upload_is_asked_for_again()
    {
        await using var house = await ExplorerHouse.StartAsync();
        house.BreakNextBodyAt(100_000);
        await using var device = await house.DeviceAsync(ExplorerVariant.C3);
        var outcome = await device.UploadAsync(new("film.bin", "1", new MemoryStream(Film)), null, DeviceHouse.Soon);
        Assert.Equal((TransferEnding.Ok, 2), (outcome.Ending, outcome.Attempts));
        Assert.Equal(Film, await house.ContentAsync(await house.TransferAsync("film.bin", "ok")));
    }
}
