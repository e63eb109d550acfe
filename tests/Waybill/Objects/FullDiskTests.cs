using Waybill.Objects;
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

    /// <summary>The journal has its room; the object has none.</summary>
    [Fact]
    public async Task Of_a_small_body_that_does_not_fit_nothing_stays()
    {
        await using var disk = await SmallDisk.MountAsync(20 << 20);
        using var directory = new StoreDirectory(disk.Path);
        var first = StoreDirectory.Random(1000);
        (await directory.ReceiveAsync(first, Unnamed(first))).Dispose();
        await disk.FillAsync(but: 20_000);

        var second = StoreDirectory.Random(60_000);
        var full = await Assert.ThrowsAsync<IOException>(() => directory.ReceiveAsync(second, Unnamed(second)));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Equal(first, directory.Read(Assert.Single(directory.Objects)));

        disk.Free();
        (await directory.ReceiveAsync(second, Unnamed(second))).Dispose();
        Assert.Equal(second, directory.Read(StoreDirectory.Sha256(second)));
    }

    [Fact]
    public async Task Without_room_for_a_journal_small_bodies_go_without_and_it_is_not_tried_for_each()
    {
        await using var disk = await SmallDisk.MountAsync(2 << 20);
        using var directory = new StoreDirectory(disk.Path);
        foreach (var body in Enumerable.Range(0, 5).Select(_ => StoreDirectory.Random(4000)).ToList())
        {
            (await directory.ReceiveAsync(body, Unnamed(body))).Dispose();
            Assert.Equal(body, directory.Read(StoreDirectory.Sha256(body)));
        }
        Assert.StartsWith("Warning: The journal of small bodies cannot be made", Assert.Single(directory.Journal.Lines), StringComparison.Ordinal);
    }

    static Intake Unnamed(byte[] body) => new(null, body.Length, long.MaxValue, StoreDirectory.Md5(body));
}
