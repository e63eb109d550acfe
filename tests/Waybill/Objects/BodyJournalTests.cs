using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

/// <summary>Small bodies that are synced together, and what is left of them when the machine is not what it was. That answers wait for the sync is proven by
/// the power cuts (<c>Crash</c>).</summary>
public sealed class BodyJournalTests : IDisposable
{
    readonly StoreDirectory directory = new();

    string JournalPath => Path.Join(directory.Root, "journal");

    string[] Files => Directory.GetFiles(JournalPath);

    [Fact]
    public async Task What_was_lost_of_its_place_is_written_again_at_start()
    {
        var bodies = await StoreAsync(Enumerable.Range(0, 20).Select(n => StoreDirectory.Random(n * 400)));
        var kept = await TakeJournalAsync();
        foreach (var body in bodies)
            await File.WriteAllBytesAsync(directory.PathOf(StoreDirectory.Sha256(body)), new byte[body.Length], TestContext.Current.CancellationToken);
        File.Delete(directory.PathOf(StoreDirectory.Sha256(bodies[3])));

        Reopen(kept);

        Assert.All(bodies, body => Assert.Equal(body, directory.Read(StoreDirectory.Sha256(body))));
        Assert.Empty(Files);
    }

    [Fact]
    public async Task A_record_that_is_torn_ends_what_is_written_again()
    {
        var bodies = await StoreAsync([StoreDirectory.Random(1000), StoreDirectory.Random(1000)]);
        var kept = await TakeJournalAsync();
        kept[1500] ^= 1;
        foreach (var body in bodies)
            File.Delete(directory.PathOf(StoreDirectory.Sha256(body)));

        Reopen(kept);

        Assert.Equal([StoreDirectory.Sha256(bodies[0])], directory.Objects);
    }

    [Fact]
    public async Task An_end_in_good_order_leaves_no_journal()
    {
        var body = (await StoreAsync([StoreDirectory.Random(4096)]))[0];
        Assert.NotEmpty(Files);
        directory.Reopen(() => Assert.Empty(Files));
        Assert.Equal(body, directory.Read(StoreDirectory.Sha256(body)));
    }

    [Fact]
    public async Task Large_bodies_and_those_a_start_may_adopt_have_files_of_their_own()
    {
        var (large, named) = (StoreDirectory.Random(BodyJournal.LargestBody + 1), StoreDirectory.Random(1000));
        (await directory.ReceiveAsync(large, Unnamed(large))).Dispose();
        (await directory.ReceiveAsync(named)).Dispose();
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Where_there_can_be_no_journal_each_body_is_synced_by_itself()
    {
        Directory.CreateDirectory(Path.Join(JournalPath, "bodies-0"));
        var body = (await StoreAsync([StoreDirectory.Random(4096)]))[0];
        Assert.Equal(body, directory.Read(StoreDirectory.Sha256(body)));
        Assert.Contains(directory.Journal.Lines, line => line.StartsWith("Warning: The journal", StringComparison.Ordinal));
    }

    /// <summary>Both files are used over and over, while many wait at the same time; the records of one use are not read with those of another.</summary>
    [Fact]
    public async Task Its_files_are_used_anew_when_what_they_cover_is_synced()
    {
        using var disk = new WorkThreads("test", 2);
        var place = Directory.CreateTempSubdirectory("waybill-journal-").FullName;
        var bodies = Enumerable.Range(0, 200).Select(_ => StoreDirectory.Random(3000)).ToList();
        byte[] last;
        var placed = 0;
        using (var journal = new BodyJournal(place, disk, NullLogger.Instance, fileLength: 100_000))
        {
            foreach (var some in bodies.Chunk(16))
                Assert.DoesNotContain(false, await Task.WhenAll(some.Select(b => journal.KeepAsync(StoreDirectory.Sha256(b), b, () => Interlocked.Increment(ref placed)))));
            Assert.Equal(bodies.Count, placed);
            Assert.Equal(2, Directory.GetFiles(place).Length);
            Assert.All(Directory.GetFiles(place), f => Assert.Equal(100_000, new FileInfo(f).Length));
            last = bodies[^1];
            Assert.Contains(Directory.GetFiles(place), f => JournalRecord.Read(File.ReadAllBytes(f)).Any(r => r.Body.Span.SequenceEqual(last)));
            Assert.All(Directory.GetFiles(place), f => Assert.True(JournalRecord.Read(File.ReadAllBytes(f)).Count() < 34));
        }
        Assert.Empty(Directory.GetFiles(place));
        Directory.Delete(place);
    }

    public void Dispose() => directory.Dispose();

    static Intake Unnamed(byte[] body) => new(null, body.Length, long.MaxValue, StoreDirectory.Md5(body));

    async Task<IReadOnlyList<byte[]>> StoreAsync(IEnumerable<byte[]> bodies)
    {
        var stored = new List<byte[]>();
        foreach (var body in bodies)
        {
            (await directory.Store.ReceiveAsync(PipeReader.Create(new MemoryStream(body)), Unnamed(body), TestContext.Current.CancellationToken)).Dispose();
            stored.Add(body);
        }
        return stored;
    }

    /// <summary>As a kill leaves it.</summary>
    async Task<byte[]> TakeJournalAsync() => await File.ReadAllBytesAsync(Assert.Single(Files), TestContext.Current.CancellationToken);

    void Reopen(byte[] journal) => directory.Reopen(() => File.WriteAllBytes(Path.Join(JournalPath, "bodies-0"), journal));
}
