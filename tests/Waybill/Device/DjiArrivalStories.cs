using System.Text;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Protocols.DjiCloud;
using Xunit;

namespace Waybill.Tests.Device;

public sealed class DjiArrivalStories
{
    public static TheoryData<string> Profiles => [.. DjiProfile.All.Select(p => p.Name)];

    static DjiProfile Of(string name) => DjiProfile.All.Single(p => p.Name == name);

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_dock_of_every_generation_comes_online(string profile)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(Of(profile));
        Assert.Equal(profile is "v1.2" or "v1.4" ? MqttVersion.V311 : MqttVersion.V50, stage.Came!.Version);
        Assert.Equal((DjiStage.DockSn, "secret"), (stage.Came.UserName, Encoding.UTF8.GetString(stage.Came.Password!.Value.Span)));
        await stage.HearAsync<DjiConfigAsked>();
        Assert.Equal([DjiStage.DockSn, DjiStage.AircraftSn], (await stage.HearAsync<DjiBindStatusAsked>()).Message.Sns);
        var (_, topology) = await stage.HearAsync<DjiTopology>();
        Assert.Equal(profile == "v1.2" ? null : Of(profile).Dock.ModelKey, topology.Gateway.ModelKey);
        Assert.Equal(DjiStage.AircraftSn, Assert.Single(topology.SubDevices).Sn);
        var (heard, state) = await stage.HearAsync<DjiProperties>();
        Assert.Equal((DjiTopicKind.State, true, "10.01.32.05"), (heard.Kind, heard.Envelope.NeedReply, state.FirmwareVersion));
    }

    [Fact]
    public async Task A_dock_that_is_not_bound_binds_itself_and_its_aircraft()
    {
        await using var stage = await DjiStage.StartAsync();
        stage.Answers["airport_bind_status"] = new DjiBindStatus([new(DjiStage.DockSn, null, "")]);
        stage.Answers["airport_organization_get"] = new DjiOrganization("Fire brigade");
        stage.Answers["airport_organization_bind"] = new DjiBindOutcome([new(DjiStage.DockSn, 0), new(DjiStage.AircraftSn, 0)]);
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.V116) with { Organization = new("org-1", "code-1"), Callsign = "Roof" });
        Assert.Equal(new("org-1", "code-1"), (await stage.HearAsync<DjiOrganizationAsked>()).Message);
        Assert.Equal(
            [new(DjiStage.DockSn, "org-1", "code-1", "Roof", "3-3-0"), new(DjiStage.AircraftSn, "org-1", "code-1", "Roof", "0-100-0")],
            (await stage.HearAsync<DjiBindAsked>()).Message.Devices);
    }

    public static TheoryData<string, DjiAnswer, DjiArrivalStep, int> Refusals => new()
    {
        { "config", new DjiResult(DjiErrorCodes.NotPossible), DjiArrivalStep.Licence, DjiErrorCodes.NotPossible },
        { "airport_bind_status", new DjiResult(7), DjiArrivalStep.BindStatus, 7 },
        { "airport_bind_status", new DjiBindStatus([]), DjiArrivalStep.Organization, 0 },
        { "update_topo", new DjiResult(1), DjiArrivalStep.Topology, 1 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_stops_it(string method, DjiAnswer answer, DjiArrivalStep step, int code)
    {
        await using var stage = await DjiStage.StartAsync();
        stage.Answers[method] = answer;
        await using var dock = await DjiDock.ConnectAsync(stage.Options(DjiProfile.V116), House.Soon);
        var arrival = await dock.ArriveAsync(House.Soon);
        Assert.Equal(new(step, code, true), arrival);
        Assert.False(arrival.IsOnline);
    }

    [Theory]
    [InlineData("airport_organization_get", DjiErrorCodes.NoOrganization, DjiArrivalStep.Organization)]
    [InlineData("airport_organization_bind", DjiErrorCodes.BadBindingCode, DjiArrivalStep.Binding)]
    public async Task A_binding_that_is_refused_stops_it(string method, int code, DjiArrivalStep step)
    {
        await using var stage = await DjiStage.StartAsync();
        stage.Answers["airport_bind_status"] = new DjiBindStatus([]);
        stage.Answers["airport_organization_get"] = new DjiOrganization("Fire brigade");
        stage.Answers[method] = method.EndsWith("bind", StringComparison.Ordinal) ? new DjiBindOutcome([new(DjiStage.DockSn, code)]) : new DjiResult(code);
        await using var dock = await DjiDock.ConnectAsync(stage.Options(DjiProfile.V116) with { Organization = new("org-1", "code-1") }, House.Soon);
        Assert.Equal(new(step, code, true), await dock.ArriveAsync(House.Soon));
    }

    [Fact]
    public async Task A_licence_is_asked_for_three_times()
    {
        await using var stage = await DjiStage.StartAsync();
        stage.Silent["config"] = true;
        await using var dock = await DjiDock.ConnectAsync(stage.Options(DjiProfile.V116), House.Soon);
        Assert.Equal(new(DjiArrivalStep.Licence, 0, false), await dock.ArriveAsync(House.Soon));
        var tids = new List<string?>();
        for (var i = 0; i < 3; i++)
            tids.Add((await stage.HearAsync<DjiConfigAsked>()).Heard.Envelope.Tid);
        Assert.Distinct(tids);
    }

    [Fact]
    public async Task A_topology_that_is_not_answered_does_no_harm()
    {
        await using var stage = await DjiStage.StartAsync();
        stage.Silent["update_topo"] = true;
        await using var dock = await DjiDock.ConnectAsync(stage.Options(DjiProfile.V116), House.Soon);
        var arrival = await dock.ArriveAsync(House.Soon);
        Assert.Equal((true, false), (arrival.IsOnline, arrival.IsAnswered));
    }

    [Fact]
    public async Task What_wants_an_answer_comes_again_until_it_has_one()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V116);
        stage.Silent["file_upload_callback"] = true;
        var told = dock.TellAsync(new("media/a.jpg") { Name = "a.jpg" }, House.Soon);
        var (first, file) = await stage.HearAsync<DjiMediaFile>();
        Assert.Equal("media/a.jpg", file.ObjectKey);
        for (var i = 0; i < 3; i++)
        {
            var (again, _) = await stage.HearAsync<DjiMediaFile>();
            Assert.Equal((first.Envelope.Tid, first.Envelope.Bid), (again.Envelope.Tid, again.Envelope.Bid));
        }
        Assert.False(told.IsCompleted);
        stage.Answer(first);
        await told.WaitAsync(House.Soon);
    }

    [Fact]
    public async Task An_aircraft_that_is_switched_off_leaves_the_topology()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V14);
        await stage.HearAsync<DjiTopology>();
        await stage.HearAsync<DjiProperties>();
        await dock.SetAsync(dock.Condition with { AircraftIsOn = false, Battery = 12, AircraftIsHome = false }, House.Soon);
        Assert.Empty((await stage.HearAsync<DjiTopology>()).Message.SubDevices);
        var (heard, osd) = await stage.HearAsync<DjiProperties>();
        while (heard.Kind != DjiTopicKind.Osd)
            (heard, osd) = await stage.HearAsync<DjiProperties>();
        Assert.Equal((12, false, false), (osd.Battery, osd.HasAircraft, osd.Aircraft!.IsOnline));
    }

    [Fact]
    public async Task Storage_for_media_is_asked_for()
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.V18);
        var storage = new DjiMediaStorage(new("minio", "http://s3.example", "us-east-1", "media", new("k", "s", "t", Protocols.DjiWire.Now + 3600_000)), "m/");
        stage.Answers["storage_config_get"] = storage;
        Assert.Equal(storage, await dock.AskAsync(new DjiStorageAsked(0), House.Soon));
        stage.Silent["storage_config_get"] = true;
        Assert.Null(await dock.AskAsync(new DjiStorageAsked(0), House.Soon));
    }
}
