using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Waybill.Device;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Device;

/// <summary>Docks that are told to upgrade.</summary>
public sealed class DjiUpgradeStories
{
    static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];
    static readonly DjiPackage Package = new("http://files.example/o/1", Md5Digest.FromBytes(MD5.HashData(Content)), Content.Length, "wm245_1.00.224.zip");
    static readonly DjiOtaDevice Dock = new(DjiStage.DockSn, "1.00.224", DjiUpgradeType.Normal, Package);
    static readonly DjiOtaDevice Aircraft = new(DjiStage.AircraftSn, "1.00.225", DjiUpgradeType.Consistency, null);

    public static TheoryData<string> Profiles => [.. DjiProfile.All.Select(p => p.Name)];

    static DjiProfile Of(string name) => DjiProfile.All.Single(p => p.Name == name);

    static DjiDockOptions Options(DjiStage stage, DjiProfile profile, FileHost files) =>
        stage.Options(profile) with { Http = files, Condition = new() { WantsConsistency = true } };

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Every_generation_upgrades_restarts_and_tells_its_version(string profile)
    {
        await using var stage = await DjiStage.StartAsync();
        using var files = new FileHost();
        await using var dock = await stage.DockAsync(Options(stage, Of(profile), files));
        var reply = await stage.CommandAsync(new DjiCreateOta([Aircraft, Dock]), "job");
        Assert.Equal((0, DjiState.Sent), (reply.Result, reply.Status!.Value.State));

        var stages = new List<DjiOtaStage>();
        DjiUp said;
        do
        {
            (_, said) = await stage.HearAsync<DjiUp>();
            if (said is DjiOtaProgress { Step: { } step })
                stages.Add(step.Stage);
        }
        while (said is not DjiTopology);
        Assert.Equal([DjiOtaStage.Download, DjiOtaStage.Download, DjiOtaStage.Upgrade], stages);
        if (profile != "v1.16")
            Assert.Equal((DjiState.Ok, 100), ((await stage.HearAsync<DjiOtaProgress>()) is var (_, end) ? (end.Status!.Value.State, end.Percent) : default));
        var (heard, state) = await stage.HearAsync<DjiProperties>();
        Assert.Equal((DjiStage.DockSn, "1.00.224", false), (heard.Sn, state.FirmwareVersion, state.WantsConsistency));
        (heard, state) = await stage.HearAsync<DjiProperties>();
        Assert.Equal((DjiStage.AircraftSn, "1.00.225"), (heard.Sn, state.FirmwareVersion));
        Assert.Equal(new(DjiJob.Upgrade, "job", DjiState.Ok, 0, Content.Length), await stage.OutcomeAsync());
        Assert.Equal(DjiDockMode.Idle, dock.Condition.Mode);
        Assert.False(dock.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_download_that_breaks_goes_on_where_it_broke()
    {
        await using var stage = await DjiStage.StartAsync();
        using var files = new FileHost { BreakAt = 60_000 };
        await using var dock = await stage.DockAsync(Options(stage, DjiProfile.V14, files));
        await stage.CommandAsync(new DjiCreateOta([Dock]), "job");
        Assert.Equal(DjiState.Ok, (await stage.OutcomeAsync()).State);
        Assert.Equal([0, 60_000], files.Froms);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, 0, DjiErrorCodes.UpgradeFailed)]
    [InlineData(HttpStatusCode.OK, 1, DjiErrorCodes.VersionCheckFailed)]
    public async Task A_package_that_is_gone_or_spoiled_fails(HttpStatusCode status, byte spoil, int code)
    {
        await using var stage = await DjiStage.StartAsync();
        using var files = new FileHost { Status = status, Spoil = spoil };
        await using var dock = await stage.DockAsync(Options(stage, DjiProfile.V14, files));
        await stage.CommandAsync(new DjiCreateOta([Dock]), "job");
        Assert.Equal((DjiState.Failed, code), ((await stage.OutcomeAsync()) is var outcome ? (outcome.State, outcome.Code) : default));
        DjiOtaProgress end;
        do
            (_, end) = await stage.HearAsync<DjiOtaProgress>();
        while (!end.IsFailure);
        Assert.Equal(code, end.Code);
        Assert.Equal(DjiDockMode.Idle, dock.Condition.Mode);
    }

    [Fact]
    public async Task A_fault_while_firmware_is_written_is_the_steps()
    {
        await using var stage = await DjiStage.StartAsync();
        using var files = new FileHost();
        await using var dock = await stage.DockAsync(Options(stage, DjiProfile.V116, files) with { Condition = new() { UpgradeFault = 312023 } });
        await stage.CommandAsync(new DjiCreateOta([Dock]), "job");
        Assert.Equal(312023, (await stage.OutcomeAsync()).Code);
        Assert.Equal("10.01.32.05", dock.Condition.DockFirmware);
    }

    public static TheoryData<DjiCondition, DjiOtaDevice, int> Refusals => new()
    {
        { new() { Mode = DjiDockMode.Working }, Dock, DjiErrorCodes.DockBusy },
        { new() { IsStopped = true }, Dock, DjiErrorCodes.EmergencyStop },
        { new() { WantsConsistency = true, AircraftIsHome = false }, Aircraft, DjiErrorCodes.AircraftNotHome },
        { new() { WantsConsistency = true, AircraftIsOn = false }, Aircraft, DjiErrorCodes.AircraftNotReady },
        { new() { WantsConsistency = true, Battery = 19 }, Aircraft, DjiErrorCodes.BatteryLow },
        { new(), Aircraft, DjiErrorCodes.ConsistencyNotAsked },
        { new(), Dock with { Sn = "SOMEBODY" }, DjiErrorCodes.BadCommand },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_refuses_what_cannot_be_now(DjiCondition condition, DjiOtaDevice device, int code)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.V116) with { Condition = condition });
        Assert.Equal(code, (await stage.CommandAsync(new DjiCreateOta([device]), "job")).Result);
    }

    [Fact]
    public async Task Logs_and_upgrades_exclude_each_other()
    {
        await using var stage = await DjiStage.StartAsync();
        var going = new TaskCompletionSource();
        using var files = new FileHost { Gate = going.Task };
        await using var dock = await stage.DockAsync(Options(stage, DjiProfile.V116, files));
        await stage.CommandAsync(new DjiCreateOta([Dock]), "job");
        Assert.Equal(DjiErrorCodes.DeviceUpgrading, (await stage.CommandAsync(new DjiListLogs([DjiModules.Dock]), "list")).Result);
        Assert.Equal(DjiErrorCodes.Upgrading, (await stage.CommandAsync(new DjiCreateOta([Dock]), "job-2")).Result);
        Assert.Equal(0, (await stage.CommandAsync(new DjiCreateOta([Dock]), "job")).Result);
        going.SetResult();
        Assert.Equal(DjiState.Ok, (await stage.OutcomeAsync()).State);
        Assert.Equal([0], files.Froms);
    }

    [Fact]
    public async Task A_power_cut_ends_the_dock()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V116);
        dock.Abort();
        await dock.Closed.WaitAsync(House.Soon);
        await Assert.ThrowsAsync<Mqtt.Client.MqttException>(() => dock.ArriveAsync(House.Soon));
    }

    /// <summary>Serves the package.</summary>
    sealed class FileHost : HttpMessageHandler
    {
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public byte Spoil { get; init; }

        public int? BreakAt { get; init; }

        public Task Gate { get; init; } = Task.CompletedTask;

        public List<long> Froms { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Gate.WaitAsync(House.Soon);
            var from = request.Headers.Range?.Ranges.Single().From ?? 0;
            Froms.Add(from);
            if (Status != HttpStatusCode.OK)
                return new(Status);
            var bytes = Content.Select(b => (byte)(b + Spoil)).Skip((int)from).ToArray();
            if (BreakAt is { } at && from == 0)
                bytes = bytes[..at];
            var content = new ByteArrayContent(bytes);
            if (from > 0)
                content.Headers.ContentRange = new ContentRangeHeaderValue(from, Content.Length - 1, Content.Length);
            return new(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK) { Content = content };
        }
    }
}
