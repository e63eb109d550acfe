using Xunit;

namespace Waybill.Tests.Objects;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(60_000)]
    [InlineData(8_000_000)]
    public async Task A_full_disk_is_logged_once_and_leaves_room_again(int size)
    {
        await using var disk = await SmallDisk.MountAsync(1 << 20);
        using var directory = new StoreDirectory(disk.Path);
        var small = StoreDirectory.Random(1000);
        (await directory.ReceiveAsync(small)).Dispose();
        await disk.FillAsync(but: 48_000);

        var full = await Assert.ThrowsAsync<IOException>(() => directory.ReceiveAsync(StoreDirectory.Random(size)));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Equal(["Error: The disk failed while t1 was stored"], directory.Journal.Lines);
        Assert.Empty(directory.Incoming);
        Assert.Equal(small, directory.Read(Assert.Single(directory.Objects)));

        disk.Free();
        (await directory.ReceiveAsync(StoreDirectory.Random(60_000))).Dispose();
        Assert.Equal(2, directory.Objects.Length);
    }
}
