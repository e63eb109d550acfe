using System.IO.Pipelines;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class DiskStoreTests : IDisposable
{
    readonly StoreDirectory directory = new();

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Sizes => [0, 1, 65_535, 65_536, 65_537, 131_073, 1 << 20, (20 << 20) + 7];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_is_received_can_be_read_again(int size)
    {
        var bytes = StoreDirectory.Random(size);
        using var stored = await directory.ReceiveAsync(bytes);
        Assert.Equal((StoreDirectory.Sha256(bytes), StoreDirectory.Md5(bytes), (long)size), (stored.Sha256, stored.Md5, stored.Size));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(directory.PathOf(stored.Sha256), Ct));
        Assert.Equal(bytes, directory.Read(stored.Sha256));
        Assert.Empty(directory.Incoming);
    }

    [Fact]
    public async Task Neither_size_nor_md5_need_be_announced()
    {
        var bytes = StoreDirectory.Random(300_000);
        using var stored = await directory.ReceiveAsync(bytes, new Intake("t1", null, 300_000, null));
        Assert.Equal(StoreDirectory.Sha256(bytes), stored.Sha256);
    }

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(300_000, 300_001)]
    [InlineData(300_001, 300_000)]
    public async Task A_body_of_another_size_stores_nothing(int size, int announced)
    {
        var bytes = StoreDirectory.Random(size);
        await AssertRefusedAsync("size_mismatch", bytes, StoreDirectory.For(bytes) with { ExpectedSize = announced });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300_000)]
    public async Task A_body_of_another_md5_stores_nothing(int size)
    {
        var bytes = StoreDirectory.Random(size);
        await AssertRefusedAsync("md5_mismatch", bytes, StoreDirectory.For(bytes) with { ExpectedMd5 = StoreDirectory.Md5([1]) });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300_000)]
    public async Task A_body_over_the_maximum_stores_nothing(int size)
    {
        var bytes = StoreDirectory.Random(size);
        await AssertRefusedAsync("too_large", bytes, new Intake("t1", null, size - 1, null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(300_000)]
    public async Task A_connection_that_breaks_stores_nothing(int after)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20));
        var receiving = directory.Store.ReceiveAsync(pipe.Reader, new Intake("t1", 400_000, long.MaxValue, null), CancellationToken.None);
        await pipe.Writer.WriteAsync(StoreDirectory.Random(after), Ct);
        await pipe.Writer.CompleteAsync(new IOException("reset by peer"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.Empty(directory.Incoming);
        Assert.Empty(directory.Objects);
        Assert.Empty(directory.Journal.Lines);
    }

    [Fact]
    public async Task A_cancelled_reception_stores_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var pipe = new Pipe();
        var receiving = directory.Store.ReceiveAsync(pipe.Reader, new Intake("t1", null, long.MaxValue, null), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.Empty(directory.Incoming);
    }

    [Fact]
    public async Task Bodies_of_the_same_content_are_stored_once()
    {
        var bytes = StoreDirectory.Random(700_000);
        var stored = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => directory.ReceiveAsync(bytes)));
        Assert.All(stored, s => Assert.Equal(StoreDirectory.Sha256(bytes), s.Sha256));
        Assert.Equal([StoreDirectory.Sha256(bytes)], directory.Objects);
        Assert.Equal(bytes, directory.Read(stored[0].Sha256));
        Assert.Empty(directory.Incoming);
    }

    [Fact]
    public async Task Bodies_under_one_name_at_the_same_time_do_not_mix()
    {
        byte[][] bodies = [.. Enumerable.Range(0, 8).Select(_ => StoreDirectory.Random(500_000))];
        var stored = await Task.WhenAll(bodies.Select(b => directory.ReceiveAsync(b)));
        Assert.All(bodies.Zip(stored), pair => Assert.Equal(pair.First, directory.Read(pair.Second.Sha256)));
    }

    [Fact]
    public async Task A_truncated_object_is_healed_when_its_content_comes_again()
    {
        var bytes = StoreDirectory.Random(100_000);
        var hash = StoreDirectory.Sha256(bytes);
        (await directory.ReceiveAsync(bytes)).Dispose();
        Assert.Equal(bytes, directory.Read(hash));
        await File.WriteAllBytesAsync(directory.PathOf(hash), bytes[..50_000], Ct);
        (await directory.ReceiveAsync(bytes)).Dispose();
        Assert.Equal(bytes, directory.Read(hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData("a~b")]
    [InlineData("a.b")]
    [InlineData("\u00e9")]
    public void A_temporary_file_cannot_lie_elsewhere(string name) =>
        Assert.Throws<ArgumentException>(() => new Intake(name, null, 1, null));

    public void Dispose() => directory.Dispose();

    async Task AssertRefusedAsync(string code, byte[] bytes, Intake intake)
    {
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => directory.ReceiveAsync(bytes, intake));
        Assert.Equal(code, refusal.Code);
        Assert.Empty(directory.Incoming);
        Assert.Empty(directory.Objects);
    }
}
