using Waybill.Device;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;

namespace Waybill.Cli.Simulate;

/// <summary>A device of the Hub dialect.</summary>
sealed class SimulatedHubDevice(SimulationPlan plan, int index, HttpMessageHandler http, Board board)
    : SimulatedDevice<HubDevice>(plan, index, http, board)
{
    public override Faults Meets(SimulatedKind kind) =>
        Faults.Drop | Faults.WrongMd5 | Faults.Repeat | Faults.Reboot | (kind == SimulatedKind.Upload ? Faults.FalseDone : Faults.None);

    /// <summary>It has no list to lose.</summary>
    public override void Reflash() => CutPower();

    public override async Task UploadAsync(SimulatedTransfer transfer, CancellationToken ct)
    {
        if (transfer.Faults.HasFlag(Faults.FalseDone))
        {
            await ClaimAsync(transfer, ct);
            return;
        }
        if (transfer.Faults.HasFlag(Faults.Repeat))
        {
            await SayAsync(new CreateUploadTask(Resource(transfer)), ct);
            transfer.Meet(Faults.Repeat);
        }

        var content = new PatternStream(transfer.Content, transfer.Content.Size);
        var outcome = await SurviveAsync(
            device => device.UploadAsync(new(transfer.Name, content) { Md5 = transfer.Md5 }, transfer, ct), ct);
        if (transfer.Faults.HasFlag(Faults.Repeat))
            await SayAsync(new ReportUploadProgress(transfer.Name, Done), ct);
        transfer.Ended(outcome);
    }

    /// <summary>The place is made when the bytes come.</summary>
    public override void Expect(SimulatedTransfer transfer)
    {
    }

    public override async Task CarryOutAsync(SimulatedTransfer transfer, bool ask, CancellationToken ct)
    {
        if (transfer.Faults.HasFlag(Faults.Repeat))
        {
            await SayAsync(new GetDownloadTask(), ct);
            transfer.Meet(Faults.Repeat);
        }

        var storage = new PatternStream(transfer.Content, 0);
        // What an earlier simulation has left behind is fetched first
        ValueTask<Stream> Sink(HubResource resource, CancellationToken _)
        {
            // A device that knows of a file asks for it after a restart
            ask = true;
            return new(resource == Resource(transfer) ? storage : PatternStream.Scrap());
        }

        // Power was cut between the last byte and the answer: the report may or may not have arrived
        async Task<HubOutcome> SayDoneAsync(HubDevice device)
        {
            await device.PublishAsync(new ReportDownloadProgress(transfer.Name, Done), ct);
            return new(Resource(transfer), TransferEnding.Ok, HubResults.Ok, 1);
        }

        HubOutcome outcome;
        do
        {
            outcome = await SurviveAsync(
                device => storage.IsWhole ? SayDoneAsync(device)
                    : ask ? device.DownloadAsync(Sink, transfer, ct)
                    : device.ReceiveAsync(Sink, transfer, ct),
                ct);
        }
        while (outcome.Resource != Resource(transfer));
        if (transfer.Faults.HasFlag(Faults.Repeat))
            await SayAsync(new ReportDownloadProgress(transfer.Name, Done), ct);
        transfer.Ended(outcome);
    }

    protected override Task<HubDevice> ConnectAsync(CancellationToken ct) => HubDevice.ConnectAsync(
        new()
        {
            Host = Plan.Host,
            Port = Plan.MqttPort,
            Identity = Identity,
            Variant = Variant == SimulatedVariant.Python ? HubVariant.Python : HubVariant.C,
            Http = Radio,
            RetryDelay = RetryDelay,
        },
        ct);

    static HubProgress Done => new(HubState.Done, 100, HubResults.Ok, "");

    static HubResource Resource(SimulatedTransfer transfer) => new(transfer.Name, transfer.Content.Size, new Md5Text(transfer.Md5));

    /// <summary>Says that an upload is done of which not a byte was sent.</summary>
    async Task ClaimAsync(SimulatedTransfer transfer, CancellationToken ct)
    {
        await SayAsync(new CreateUploadTask(Resource(transfer)), ct);
        await SayAsync(new ReportUploadProgress(transfer.Name, Done), ct);
        transfer.Meet(Faults.FalseDone);
        transfer.Ended(new HubOutcome(Resource(transfer), TransferEnding.Failed, HubResults.Ok, 1));
    }

    Task SayAsync(HubUp message, CancellationToken ct) => SayAsync(device => device.PublishAsync(message, ct), ct);
}
