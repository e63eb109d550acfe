using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>A run of the server under the journal.</summary>
sealed class RecordedRun : IAsyncDisposable
{
    const int Promises = 250;

    readonly CrashGround _ground;
    readonly string _tools = Directory.CreateTempSubdirectory("waybill-journal-").FullName;

    RecordedRun(CrashGround ground) => _ground = ground;

    /// <summary>The data directory as the server left it.</summary>
    public string Root => _ground.Data;

    public IReadOnlyList<Entry> Journal { get; private set; } = [];

    Dictionary<int, string> Paths => field ??= Journal.Where(e => e.Kind == 'o').ToDictionary(e => e.Handle, e => e.Path);

    /// <summary>In the order of the answers.</summary>
    public IReadOnlyList<Answered> Answered { get; private set; } = [];

    /// <summary>Where the devices begin.</summary>
    public int Begun => Answered[0].Heard;

    public static async Task<RecordedRun> MakeAsync(int devices)
    {
        var run = new RecordedRun(await CrashGround.PrepareAsync(onSqlite: true));
        try
        {
            await run.RecordAsync(devices);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Between the request and its answer the log was synced, begun after the one and finished before the other.</summary>
    public void IsSyncedBeforeAnswered(Answered answered)
    {
        // the checkpoint syncs the log too, through a handle of its own
        var begun = new HashSet<int>();
        for (var i = answered.Heard; i < answered.Said; i++)
        {
            if (Journal[i].Kind == 's' && Paths[Journal[i].Handle].EndsWith("-wal", StringComparison.Ordinal))
                begun.Add(Journal[i].Handle);
            else if (Journal[i].Kind == 'S' && begun.Contains(Journal[i].Handle))
                return;
        }
        Assert.Fail($"No sync of the log before the answer to {answered.Promise}.");
    }

    /// <summary>The journal has missed nothing: played to its end it gives the files that are there.</summary>
    public async Task IsCompleteAsync()
    {
        var disk = new CutDisk(Root);
        foreach (var entry in Journal)
            disk.Apply(entry);
        var played = Path.Join(_tools, "played");
        Directory.CreateDirectory(played);
        disk.Rebuild(played, Fate.Kept);
        var files = Files(Root);
        Assert.Equal(files, Files(played));
        foreach (var file in files)
        {
            var (real, replayed) = (await File.ReadAllBytesAsync(Root + file, House.Soon), await File.ReadAllBytesAsync(played + file, House.Soon));
            Assert.True(real.AsSpan().SequenceEqual(replayed), $"{file} is not as the journal tells.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ground.DisposeAsync();
        Directory.Delete(_tools, recursive: true);
    }

    async Task RecordAsync(int devices)
    {
        var file = Path.Join(_tools, "journal");
        var library = await Crash.Journal.BuildAsync(_tools);
        IReadOnlyCollection<Promise> promises;
        await using (var server = await _ground.StartAsync(("LD_PRELOAD", library), ("JOURNAL_ROOT", Root), ("JOURNAL_FILE", file)))
            promises = await WorkAsync(server, devices);
        Journal = await Crash.Journal.ReadAsync(file);
        Answered = [.. Crash.Answered.Find(Journal, promises).OrderBy(a => a.Said)];
        Assert.InRange(Answered.Count, promises.Count * 9 / 10, promises.Count);
    }

    /// <summary>Until the log was long enough to be copied into the database file, and work went on after it.</summary>
    async Task<IReadOnlyCollection<Promise>> WorkAsync(CrashServer server, int devices)
    {
        await Fleet.RegisterAsync(server.Http, devices);
        var fleet = new Fleet(server.Http, server.MqttPort, devices);
        var work = fleet.WorkAsync("c");
        await ReachAsync(fleet, work, Promises / 2);
        await FillLogAsync(server.Http);
        await ReachAsync(fleet, work, fleet.Promises.Count + Promises / 2);
        fleet.End();
        await work;
        // in good order: a kill between a write and its record would leave the journal behind the disk
        Assert.Equal(0, await server.StopAsync());
        return fleet.Promises;
    }

    static Task ReachAsync(Fleet fleet, Task work, int promises) =>
        Eventually.IsAsync($"{promises} answers", () => fleet.Promises.Count >= promises || work.IsCompleted);

    async Task FillLogAsync(HttpClient http)
    {
        var database = new FileInfo(Path.Join(Root, "waybill.db"));
        var length = database.Length;
        for (var part = 0; database.Length == length; part++, database.Refresh())
        {
            Assert.InRange(part, 0, 50);
            await Fleet.ImportAsync(http, Enumerable.Range(0, 10_000).Select(d => $"ballast-{part}-{d}"));
        }
    }


    static string[] Files(string root) =>
        [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(f => !CutDisk.IsTransient(f)).Select(f => f[root.Length..]).Order(StringComparer.Ordinal)];
}
