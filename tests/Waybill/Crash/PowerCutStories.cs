using System.Security.Cryptography;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>
/// A killed process proves nothing about the disk. Here everything the server does is written down, and the power is cut afterwards, at any
/// point of it: what was not synced is lost or torn, and what was answered must be there. SQLite on one disk; PostgreSQL syncs for itself.
/// </summary>
public sealed class PowerCutStories
{
    const int Devices = 3;
    const int Cuts = 9;

    [Fact]
    public async Task A_power_cut_takes_nothing_that_was_answered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The journal is kept by a preloaded library.");
        await using var run = await RecordedRun.MakeAsync(Devices);
        Assert.All(run.Answered.Where(a => a.Promise.IsWritten), run.IsSyncedBeforeAnswered);
        await run.IsCompleteAsync();
        await CutAsync(run);
        foreach (var ignored in (Func<string, bool>[])[IsLog, IsBody, IsSmallBody, IsObjectDirectory])
            await LosesAsync(run, ignored);
    }

    /// <summary>At moments of all kinds, and right after an answer.</summary>
    static async Task CutAsync(RecordedRun run)
    {
        var cuts = Enumerable.Range(0, Cuts).Select(i => i % 3 == 0
            ? RandomNumberGenerator.GetInt32(run.Begun, run.Journal.Count)
            : run.Answered[RandomNumberGenerator.GetInt32(run.Answered.Count)].Said + 1);
        var (disk, at) = (new CutDisk(run.Root), 0);
        foreach (var (i, cut) in cuts.Order().Index())
        {
            for (; at < cut; at++)
                disk.Apply(run.Journal[at]);
            await SurvivesAsync(run, disk, cut, (Fate)(i % 3));
        }
    }

    /// <summary>The proof that the proof can fail: with one kind of sync gone, something that was answered is missing.</summary>
    static async Task LosesAsync(RecordedRun run, Func<string, bool> ignored)
    {
        var at = 0;
        var disk = new CutDisk(run.Root, path => at >= run.Begun && ignored(path));
        // the end of the server copies the log into the database, so not up to there
        var cut = run.Answered[^1].Said + 1;
        for (; at < cut; at++)
            disk.Apply(run.Journal[at]);
        Assert.NotNull(await Record.ExceptionAsync(() => SurvivesAsync(run, disk, cut, Fate.Lost)));
    }

    static async Task SurvivesAsync(RecordedRun run, CutDisk disk, int cut, Fate fate)
    {
        var data = Directory.CreateTempSubdirectory("waybill-cut-").FullName;
        try
        {
            disk.Rebuild(data, fate);
            await using (var house = await House.StartAsync(("Data", data), ("Database", null)))
                await KeptAsync(house, [.. run.Answered.Where(a => a.Said < cut).Select(a => a.Promise)]);
            Assert.Equal("ok", await CrashGround.CheckAsync(data));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    static async Task KeptAsync(House house, IReadOnlyList<Promise> promises)
    {
        var account = await Account.ReadAsync(house.Api);
        foreach (var promise in promises)
            await promise.IsKeptAsync(account);
        await account.CheckObjectsAsync();
        if (promises.OfType<Granted>().LastOrDefault(account.IsOpen) is { } granted)
            await granted.UseUrlAsync(house.Devices);
    }

    static bool IsLog(string path) => path.EndsWith("-wal", StringComparison.Ordinal);

    static bool IsBody(string path) => path.Contains("/incoming/", StringComparison.Ordinal);

    static bool IsSmallBody(string path) => path.Contains("/journal/", StringComparison.Ordinal);

    static bool IsObjectDirectory(string path) => path.Contains("/objects/", StringComparison.Ordinal);
}
