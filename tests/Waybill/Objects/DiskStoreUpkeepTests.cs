using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class DiskStoreUpkeepTests : IDisposable
{
    readonly StoreDirectory directory = new();
    readonly byte[] bytes = StoreDirectory.Random(300_000);

    CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_complete_leftover_is_adopted()
    {
        var leftover = Leave(bytes);
        using var adopted = await directory.Store.AdoptAsync(leftover, bytes.Length, StoreDirectory.Md5(bytes), Ct);
        Assert.Equal(StoreDirectory.Sha256(bytes), adopted?.Sha256);
        Assert.Equal(bytes, directory.Read(adopted!.Sha256));
        Assert.Empty(directory.Incoming);
    }

    [Fact]
    public async Task An_incomplete_leftover_is_removed()
    {
        var leftover = Leave(bytes[..^1]);
        Assert.Null(await directory.Store.AdoptAsync(leftover, bytes.Length, StoreDirectory.Md5(bytes), Ct));
        Assert.Empty(directory.Incoming);
        Assert.Empty(directory.Objects);
    }

    [Fact]
    public async Task A_leftover_of_other_bytes_is_removed()
    {
        var leftover = Leave(new byte[bytes.Length]);
        Assert.Null(await directory.Store.AdoptAsync(leftover, bytes.Length, StoreDirectory.Md5(bytes), Ct));
        Assert.Empty(directory.Incoming);
        Assert.Empty(directory.Objects);
    }

    [Fact]
    public void A_leftover_can_be_discarded()
    {
        DiskStore.Discard(Leave(bytes));
        Assert.Empty(directory.Incoming);
    }

    [Fact]
    public async Task Objects_of_earlier_versions_lie_a_level_deeper()
    {
        var hash = StoreDirectory.Sha256(bytes);
        (await directory.ReceiveAsync(bytes)).Dispose();
        var deeper = Path.Join(Path.GetDirectoryName(directory.PathOf(hash)), $"{hash}"[2..4], $"{hash}");
        directory.Reopen(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(deeper)!);
            File.Move(directory.PathOf(hash), deeper);
        });

        Assert.Equal(bytes, directory.Read(hash));
        Assert.Equal([hash], directory.Objects);
        (await directory.ReceiveAsync(bytes)).Dispose();
        Assert.False(File.Exists(directory.PathOf(hash)));
        Assert.True(await directory.Store.DeleteAsync(hash, NotNeeded, Ct));
        Assert.False(File.Exists(deeper));
    }

    [Fact]
    public async Task An_object_that_nothing_needs_is_deleted_while_its_reader_finishes()
    {
        (await directory.ReceiveAsync(bytes)).Dispose();
        var hash = StoreDirectory.Sha256(bytes);
        using var reading = directory.Store.Open(hash);
        Assert.True(await directory.Store.DeleteAsync(hash, NotNeeded, Ct));
        Assert.Empty(directory.Objects);
        Assert.Equal(100, reading.Read(new byte[100], 0));
        Assert.Throws<FileNotFoundException>(() => directory.Store.Open(hash));
    }

    [Fact]
    public async Task An_object_that_something_needs_stays()
    {
        (await directory.ReceiveAsync(bytes)).Dispose();
        Assert.False(await directory.Store.DeleteAsync(StoreDirectory.Sha256(bytes), _ => ValueTask.FromResult(true), Ct));
        Assert.Equal(bytes, directory.Read(StoreDirectory.Sha256(bytes)));
    }

    [Fact]
    public async Task An_object_received_but_not_yet_recorded_stays()
    {
        var hash = StoreDirectory.Sha256(bytes);
        using (await directory.ReceiveAsync(bytes))
        {
            Assert.False(await directory.Store.DeleteAsync(hash, NotNeeded, Ct));
            Assert.Equal(bytes, directory.Read(hash));
        }
        Assert.True(await directory.Store.DeleteAsync(hash, NotNeeded, Ct));
    }

    [Fact]
    public async Task Content_that_comes_again_during_its_deletion_is_stored_anew()
    {
        (await directory.ReceiveAsync(bytes)).Dispose();
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource<bool>();
        var deleting = directory.Store.DeleteAsync(StoreDirectory.Sha256(bytes), AskAsync, Ct);
        await asked.Task;
        var receiving = directory.ReceiveAsync(bytes);
        answer.SetResult(false);
        Assert.True(await deleting);
        using var again = await receiving;
        Assert.Equal(bytes, directory.Read(again.Sha256));

        async ValueTask<bool> AskAsync(CancellationToken ct)
        {
            asked.SetResult();
            return await answer.Task.WaitAsync(ct);
        }
    }

    [Fact]
    public async Task However_deletion_and_reception_race_what_was_received_is_there()
    {
        var hash = StoreDirectory.Sha256(bytes);
        for (var round = 0; round < 50; round++)
        {
            var deleting = directory.Store.DeleteAsync(hash, NotNeeded, Ct);
            using var stored = await directory.ReceiveAsync(bytes);
            await deleting;
            Assert.Equal(bytes, directory.Read(hash));
        }
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_no_failure() =>
        Assert.True(await directory.Store.DeleteAsync(StoreDirectory.Sha256(bytes), NotNeeded, Ct));

    [Fact]
    public async Task The_scrubber_tells_intact_rotten_and_missing_apart()
    {
        var hash = StoreDirectory.Sha256(bytes);
        Assert.Equal(ObjectCondition.Missing, await directory.Store.VerifyAsync(hash, Ct));
        (await directory.ReceiveAsync(bytes)).Dispose();
        Assert.Equal(ObjectCondition.Intact, await directory.Store.VerifyAsync(hash, Ct));
        bytes[123] ^= 1;
        await File.WriteAllBytesAsync(directory.PathOf(hash), bytes, Ct);
        Assert.Equal(ObjectCondition.Rotten, await directory.Store.VerifyAsync(hash, Ct));
    }

    [Fact]
    public async Task Many_objects_are_read_though_few_files_stay_open()
    {
        byte[][] bodies = [.. Enumerable.Range(0, 200).Select(_ => StoreDirectory.Random(16))];
        foreach (var body in bodies)
            (await directory.ReceiveAsync(body)).Dispose();
        for (var round = 0; round < 2; round++)
            Assert.All(bodies, b => Assert.Equal(b, directory.Read(StoreDirectory.Sha256(b))));
    }

    public void Dispose() => directory.Dispose();

    static ValueTask<bool> NotNeeded(CancellationToken ct) => ValueTask.FromResult(false);

    Leftover Leave(byte[] content)
    {
        File.WriteAllBytes(Path.Join(directory.Root, "incoming", "t7~0123"), content);
        directory.Reopen();
        var leftover = Assert.Single(directory.Store.Leftovers);
        Assert.Equal(("t7", (long)content.Length), (leftover.Name, leftover.Size));
        return leftover;
    }
}
