using System.Formats.Tar;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>Docks that are told to list and upload logs.</summary>
public sealed class DjiLogStories
{
    static readonly DjiStorage Storage = new("minio", "http://s3.example", "us-east-1", "logs", new("k", "s", "t", Protocols.DjiWire.Now + 3600_000));
    static readonly DjiLogChoice Dock = new(DjiStage.DockSn, DjiModules.Dock, "jobs/1/dock.tar", [new(321), new(322)]);
    static readonly DjiLogChoice Aircraft = new(DjiStage.AircraftSn, DjiModules.Aircraft, "jobs/1/drone.tar", [new(7)]);

    public static TheoryData<string> Profiles => [.. DjiProfile.All.Select(p => p.Name)];

    static DjiProfile Of(string name) => DjiProfile.All.Single(p => p.Name == name);

    static DjiStartLogs Start(params DjiLogChoice[] files) => new(Storage, "jobs/1/", files);

    /// <summary>All that is said of a job, to its end.</summary>
    static async Task<List<(DjiHeard Heard, DjiLogProgress Message)>> ProgressAsync(DjiStage stage)
    {
        var said = new List<(DjiHeard, DjiLogProgress)>();
        do
            said.Add(await stage.HearAsync<DjiLogProgress>());
        while (said[^1].Item2.Status is not { IsFinal: true });
        return said;
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Every_generation_lists_and_uploads(string profile)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(Of(profile));
        var list = await stage.CommandAsync(new DjiListLogs([DjiModules.Aircraft, DjiModules.Dock]), "list");
        Assert.Equal([[7L], [321, 322]], list.Logs.Select(l => l.Boots.Select(b => b.Index)));
        Assert.Equal(1659427398000, list.Logs[1].Boots[1].End);
        Assert.Equal([DjiStage.AircraftSn, DjiStage.DockSn], list.Logs.Select(l => l.Owner(DjiStage.DockSn, DjiStage.AircraftSn)));

        Assert.Equal(0, (await stage.CommandAsync(Start(Aircraft, Dock), "job")).Result);
        var said = await ProgressAsync(stage);
        var end = said[^1].Message;
        Assert.Equal(DjiState.Ok, end.Status!.Value.State);
        Assert.All(end.Files, f => Assert.Equal(100, f.Progress.Overall));
        Assert.Equal(new(DjiJob.Logs, "job", DjiState.Ok, 0, stage.Bucket.Values.Sum(b => b.Length)), await stage.OutcomeAsync());
        foreach (var file in end.Files)
        {
            var archive = stage.Bucket[file.Key!];
            Assert.Equal((archive.Length, Convert.ToHexStringLower(MD5.HashData(archive))), (file.Size, file.Fingerprint));
        }
        string[] keys = profile == "v1.2"
            ? [$"jobs/1/{DjiStage.AircraftSn}/{DjiStage.AircraftSn}_drone_log.tar", $"jobs/1/{DjiStage.DockSn}/{DjiStage.DockSn}_airport_log.tar"]
            : ["jobs/1/drone.tar", "jobs/1/dock.tar"];
        Assert.Equal(keys, end.Files.Select(f => f.Key));
        Assert.Equal(profile == "v1.8", said.Select(s => s.Heard.Envelope.Bid).Distinct().Count() == said.Count && said[0].Heard.Envelope.Bid != "job");
    }

    [Fact]
    public async Task An_archive_holds_the_logs_that_were_chosen()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V116);
        await stage.CommandAsync(Start(Dock), "job");
        await stage.OutcomeAsync();
        await using var tar = new TarReader(new MemoryStream(stage.Bucket["jobs/1/dock.tar"]));
        foreach (var boot in stage.Options(DjiProfile.V116).Logs.Dock)
        {
            var entry = await tar.GetNextEntryAsync(cancellationToken: House.Soon);
            Assert.Equal($"dock_{boot.Index}.log", entry!.Name);
            var bytes = new byte[entry.Length];
            await entry.DataStream!.ReadExactlyAsync(bytes, House.Soon);
            Assert.Equal(DjiStage.LogOf(boot), bytes);
        }
        Assert.Null(await tar.GetNextEntryAsync(cancellationToken: House.Soon));
    }

    [Fact]
    public async Task The_steps_are_pulling_packing_and_uploading()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V116);
        await stage.CommandAsync(Start(Dock), "job");
        var said = await ProgressAsync(stage);
        Assert.Equal([DjiState.FilePull, DjiState.FileZip, DjiState.FileUploading, DjiState.Ok], said.Select(s => s.Message.Files[0].Progress.Status!.Value.State));
        Assert.Equal([0, 33, 66, 100], said.Select(s => s.Message.Files[0].Progress.Overall));
    }

    [Fact]
    public async Task An_aircraft_that_is_off_lists_nothing_and_uploads_nothing()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.V116) with { Condition = new() { AircraftIsOn = false } });
        var list = await stage.CommandAsync(new DjiListLogs([DjiModules.Aircraft, DjiModules.Dock]), "list");
        Assert.Equal([DjiErrorCodes.AircraftOff, 0], list.Logs.Select(l => l.Result));
        Assert.Equal(DjiErrorCodes.AircraftOff, (await stage.CommandAsync(Start(Aircraft), "job-1")).Result);
        Assert.Equal(0, (await stage.CommandAsync(Start(Dock), "job-2")).Result);
        Assert.Equal(DjiState.Ok, (await stage.OutcomeAsync()).State);
    }

    [Fact]
    public async Task A_module_that_is_canceled_ends_and_the_other_goes_on()
    {
        await using var stage = await DjiStage.StartAsync();
        var (began, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        var options = stage.Options(DjiProfile.V116);
        await using var dock = await stage.DockAsync(options with
        {
            Upload = async (storage, key, content, moved, ct) =>
            {
                began.TrySetResult();
                await going.Task.WaitAsync(House.Soon).WaitAsync(ct);
                await options.Upload(storage, key, content, moved, ct);
            },
        });
        await stage.CommandAsync(Start(Aircraft, Dock), "job");
        await began.Task.WaitAsync(House.Soon);
        Assert.Equal(DjiErrorCodes.ExportingLogs, (await stage.CommandAsync(new DjiListLogs([DjiModules.Dock]), "list")).Result);
        Assert.Equal(0, (await stage.CommandAsync(new DjiCancelLogs([DjiModules.Aircraft]), "cancel")).Result);
        going.SetResult();
        var end = (await ProgressAsync(stage))[^1].Message;
        Assert.Equal([DjiState.Canceled, DjiState.Ok], end.Files.Select(f => f.Progress.Status!.Value.State));
        Assert.Equal(["jobs/1/dock.tar"], stage.Bucket.Keys);
        Assert.Equal(DjiErrorCodes.NotPossible, (await stage.CommandAsync(new DjiCancelLogs([DjiModules.Dock]), "late")).Result);
    }

    [Fact]
    public async Task An_upload_that_fails_and_a_log_that_is_gone_have_codes()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.V14) with { Upload = (_, _, _, _, _) => throw new IOException("refused") });
        await stage.CommandAsync(Start(Dock), "job-1");
        var end = (await ProgressAsync(stage))[^1].Message;
        Assert.Equal((DjiState.Failed, DjiErrorCodes.UploadFailed), (end.Status!.Value.State, end.Files[0].Progress.Result));
        Assert.Equal(DjiErrorCodes.UploadFailed, (await stage.OutcomeAsync()).Code);
        await stage.CommandAsync(Start(Dock with { Boots = [new(999)] }), "job-2");
        Assert.Equal(DjiErrorCodes.LogsNotFetched, (await stage.OutcomeAsync()).Code);
    }

    [Fact]
    public async Task A_command_that_comes_twice_with_one_bid_begins_once()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V116);
        Assert.Equal(0, (await stage.CommandAsync(Start(Dock), "job")).Result);
        await stage.OutcomeAsync();
        stage.Bucket.Clear();
        Assert.Equal(0, (await stage.CommandAsync(Start(Dock), "job")).Result);
        await stage.CommandAsync(Start(Aircraft), "job-2");
        Assert.Equal("job-2", (await stage.OutcomeAsync()).Bid);
        Assert.Equal(["jobs/1/drone.tar"], stage.Bucket.Keys);
    }

    [Theory]
    [InlineData("""{"tid":"t","bid":"b","method":"drone_open","data":""}""", DjiErrorCodes.NotPossible)]
    [InlineData("""{"tid":"t","bid":"b","method":"fileupload_start","data":{}}""", DjiErrorCodes.BadCommand)]
    [InlineData("""{"tid":"t","bid":"b","method":"fileupload_update","data":{"status":"pause","module_list":["3"]}}""", DjiErrorCodes.BadCommand)]
    public async Task What_it_cannot_do_it_refuses(string json, int code)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V12);
        stage.Say(DjiTopicKind.Services, "nonsense");
        stage.Say(DjiTopicKind.Services, json);
        Assert.Equal(code, (await stage.HearAsync<DjiCommandReply>()).Message.Result);
    }

    [Theory]
    [InlineData(DjiDockMode.Working, DjiErrorCodes.ExecutingTask)]
    [InlineData(DjiDockMode.Upgrading, DjiErrorCodes.DeviceUpgrading)]
    public async Task A_busy_dock_refuses(int mode, int code)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.V116) with { Condition = new() { Mode = mode } });
        Assert.Equal(code, (await stage.CommandAsync(Start(Dock), "job")).Result);
        Assert.Equal(code, (await stage.CommandAsync(new DjiListLogs([DjiModules.Dock]), "list")).Result);
    }
}
