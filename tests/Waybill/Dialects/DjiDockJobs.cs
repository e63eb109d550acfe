using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Waybill.Data;
using Waybill.Device;
using Waybill.Devices;
using Waybill.Dialects.DjiCloud;
using Waybill.Logs;
using Waybill.Protocols;
using Waybill.Protocols.DjiCloud;
using Waybill.Tests.Device;
using Waybill.Tests.Protocols;
using Waybill.Upgrades;
using Xunit;

namespace Waybill.Tests.Dialects;

/// <summary>Docks of the device library, told and heard through the translation, judged by the rules.</summary>
public sealed class DjiDockJobs : IDisposable
{
    const long Gateway = 7;
    const long Job = 4711;

    static readonly DjiStorage Storage = new("minio", "http://s3.example", "us-east-1", "logs", new("k", "s", "t", DjiWire.Now));
    static readonly byte[] Package = RandomNumberGenerator.GetBytes(100_000);

    readonly Seal _seal = new(new byte[16]);
    readonly DjiJobIds _ids;
    readonly DjiOrders _orders;

    public DjiDockJobs()
    {
        _ids = new(_seal);
        _orders = new(_ids, TimeProvider.System);
    }

    public static TheoryData<string> Profiles => [.. DjiProfile.All.Select(p => p.Name)];

    public void Dispose() => _seal.Dispose();

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_dock_of_every_generation_brings_its_logs(string profile)
    {
        await using var stage = await DjiStage.StartAsync();
        await using var dock = await stage.DockAsync(DjiProfile.All.Single(p => p.Name == profile));
        LogRequest? request = null;
        Decide(new LogOrder(Job, Gateway, [LogModules.Aircraft, LogModules.Dock], GatewayCondition.Unknown));
        Offer();
        while (request!.IsOpen)
        {
            var (heard, said) = await stage.HearAsync<DjiUp>();
            var job = _ids.Read(heard.Envelope.Bid);
            if (said is DjiCommandReply reply && job?.Purpose == SealPurpose.LogList)
            {
                Decide(new LogListReply(job.Value.Id, DjiLogReports.Lists(reply, DjiStage.DockSn, DjiStage.AircraftSn)));
                Decide(new LogUpload(Job, [.. request.Lists.Select(l => new LogChoice(l.Module, [.. l.Boots.Select(b => b.Index)]))], _ids.Prefix(Job)));
                Offer();
            }
            else if (said is DjiCommandReply started && job?.Purpose == SealPurpose.LogStart)
                Decide(new LogStartReply(job.Value.Id, started.Result, DjiLogReports.Meaning(started.Result)));
            else if (said is DjiLogProgress progress)
                Decide(new LogProgress(Gateway, job?.Id ?? progress.Files.Select(f => _ids.OfKey(f.Key)).FirstOrDefault(), DjiLogReports.Export(progress)));
            foreach (var archive in request.Archives.Where(a => a is { IsOpen: true, StoredSize: null } && stage.Bucket.ContainsKey(a.Key)).ToList())
                Decide(new ArchiveSeen(_ids.OfKey(archive.Key)!.Value, archive.Module, stage.Bucket[archive.Key].Length, null));
        }
        Assert.Equal((LogState.Ok, 100), (request.State, request.Percent));
        Assert.Equal([DjiStage.AircraftSn, DjiStage.DockSn], request.Archives.Select(a => a.DeviceSn));
        Assert.All(request.Archives, a => Assert.Equal(a.Size, a.StoredSize));
        var listing = await ArchiveContents.ListAsync(new MemoryStream(stage.Bucket[request.Archives[1].Key]), House.Soon);
        Assert.Equal([("dock_321.log", 5000), ("dock_322.log", 700)], listing.Entries.Select(e => (e.Name, e.Size)));

        void Offer()
        {
            var offer = Decide(new LogOffer(Gateway, again: false, canStart: true));
            var output = new ArrayBufferWriter<byte>();
            Assert.True(_orders.TryWrite(output, DjiStage.DockSn, offer.Told, offer.Result!, Storage));
            stage.Say(DjiTopicKind.Services, output.Text());
        }

        T Decide<T>(T message)
            where T : JobMessage<LogRequest, LogSettings>
        {
            var view = new JobView<LogRequest>();
            if (request is not null)
                view.Loaded(request);
            message.Decide(view, new(DjiWire.Now, new()));
            request = view.Find(Job);
            return message;
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_dock_of_every_generation_is_upgraded(string profile)
    {
        await using var stage = await DjiStage.StartAsync();
        using var files = new PackageHost();
        await using var dock = await stage.DockAsync(stage.Options(DjiProfile.All.Single(p => p.Name == profile)) with { Http = files });
        var target = new UpgradeTarget { Sn = DjiStage.DockSn, Version = "10.01.40.00", Type = 3, FileName = "dock.zip", FileVersion = "1", Before = dock.Condition.DockFirmware };
        Upgrade? upgrade = null;
        Decide(new UpgradeOrder(Job, new(Gateway, DjiStage.DockSn, GatewayCondition.Unknown), [target]));
        Decide(new UpgradeOffer(Gateway));
        var output = new ArrayBufferWriter<byte>();
        var package = new DjiPackage("http://files.example/o/1", Md5Digest.FromBytes(MD5.HashData(Package)), Package.Length, "dock.zip");
        Assert.True(_orders.TryWrite(output, DjiStage.DockSn, upgrade!, new Dictionary<string, DjiPackage>(StringComparer.Ordinal) { [DjiStage.DockSn] = package }));
        stage.Say(DjiTopicKind.Services, output.Text());
        while (upgrade!.IsOpen)
        {
            var (heard, said) = await stage.HearAsync<DjiUp>();
            var job = _ids.Read(heard.Envelope.Bid);
            if (said is DjiCommandReply reply && job?.Purpose == SealPurpose.Upgrade)
                Decide(new UpgradeReply(job.Value.Id, DjiUpgradeReports.Reply(reply)));
            else if (said is DjiOtaProgress progress)
                Decide(new UpgradeProgress(Gateway, job?.Id, DjiUpgradeReports.Progress(progress)));
            else if (said is DjiProperties { FirmwareVersion: { } version })
                Decide(new VersionSeen(Gateway, heard.Sn, version));
        }
        Assert.Equal((UpgradeState.Ok, "10.01.40.00"), (upgrade.State, upgrade.Targets[0].Reported));
        Assert.Equal(profile != "v1.16", upgrade.IsClaimed);

        void Decide(JobMessage<Upgrade, UpgradeSettings> message)
        {
            var view = new JobView<Upgrade>();
            if (upgrade is not null)
                view.Loaded(upgrade);
            message.Decide(view, new(DjiWire.Now, new()));
            upgrade = view.Find(Job);
        }
    }

    sealed class PackageHost : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Package) });
    }
}
