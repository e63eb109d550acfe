using System.Collections.Concurrent;
using Waybill.Device;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Cli.Simulate;

/// <summary>A device of the Explorer dialect, with a directory of its own.</summary>
sealed class SimulatedExplorerDevice : SimulatedDevice<ExplorerDevice>
{
    /// <summary>A question whose answer was lost is asked anew before long.</summary>
    static readonly TimeSpan UrlTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A download that failed so often will not succeed.</summary>
    const int MostAttempts = 20;

    readonly ExplorerStorage _storage;
    readonly ConcurrentDictionary<string, PatternStream> _files = [];

    public SimulatedExplorerDevice(SimulationPlan plan, int index, HttpMessageHandler http, Board board)
        : base(plan, index, http, board) => _storage = new() { Open = OpenAsync, Erase = EraseAsync };

    /// <summary>What is uploaded announces no MD5: a wrong byte would stay unseen.</summary>
    public override Faults Meets(SimulatedKind kind) => kind switch
    {
        SimulatedKind.Upload => Faults.Drop | Faults.Repeat | Faults.Reboot | Faults.FalseDone,
        SimulatedKind.Download => Faults.Drop | Faults.WrongMd5 | Faults.Repeat | Faults.Reboot | Faults.Reflash,
        _ => Faults.None,
    };

    public override void Reflash()
    {
        _storage.Clear();
        foreach (var file in _files.Values)
            file.SetLength(0);
        CutPower();
    }

    public override async Task UploadAsync(SimulatedTransfer transfer, CancellationToken ct)
    {
        if (transfer.Faults.HasFlag(Faults.Repeat))
        {
            var question = new RequestUrl(new("0"), transfer.Name, SimulatedTransfer.Version, ExplorerResource.File);
            await SayAsync(device => device.PublishAsync(question, ct), ct);
            transfer.Meet(Faults.Repeat);
        }
        // Only what was given a token can be said to be done
        if (transfer.Faults.HasFlag(Faults.FalseDone))
            Radio.Arm(upload: true, new() { IsSwallowed = true, Met = transfer.Meet });
        var content = new PatternStream(transfer.Content, transfer.Content.Size);
        transfer.Ended(await SurviveAsync(
            device => device.UploadAsync(new(transfer.Name, SimulatedTransfer.Version, content), transfer, ct), ct));
    }

    /// <summary>What it has under that name it gives up by itself.</summary>
    public override void Expect(SimulatedTransfer transfer)
    {
        if (transfer.Kind != SimulatedKind.Download)
            return;
        _storage.Remove(transfer.Name);
        _files[transfer.Name] = new(transfer.Content, 0);
    }

    public override async Task CarryOutAsync(SimulatedTransfer transfer, bool ask, CancellationToken ct)
    {
        var attempts = 0;
        while (true)
        {
            var outcome = await SurviveAsync(device => IsHeld(transfer) ? Task.FromResult(Held(transfer)) : device.ReceiveAsync(transfer, ct), ct);
            // What an earlier simulation has left behind is done on the way
            if (outcome.Kind != KindOf(transfer) || outcome.Resource.Name != transfer.Name)
                continue;
            attempts += outcome.Attempts;
            if (outcome.IsOk || attempts >= MostAttempts)
            {
                await RepeatAsync(transfer, ct);
                transfer.Ended(outcome with { Attempts = attempts });
                return;
            }
            await Task.Delay(RetryDelay, ct);
            await SayAsync(device => device.ReportAsync(ct), ct);
        }
    }

    protected override Task<ExplorerDevice> ConnectAsync(CancellationToken ct) => ExplorerDevice.ConnectAsync(
        new()
        {
            Host = Plan.Host,
            Port = Plan.MqttPort,
            Identity = Identity,
            Variant = Variant switch { SimulatedVariant.V4 => ExplorerVariant.V4, SimulatedVariant.Java => ExplorerVariant.Java, _ => ExplorerVariant.C3 },
            Storage = _storage,
            Http = Radio,
            RetryDelay = RetryDelay,
            UrlTimeout = UrlTimeout,
        },
        ct);

    static ExplorerTransfer KindOf(SimulatedTransfer transfer) =>
        transfer.Kind == SimulatedKind.Removal ? ExplorerTransfer.Removal : ExplorerTransfer.Download;

    static ExplorerOutcome Held(SimulatedTransfer transfer) => new(
        ExplorerTransfer.Download, new(transfer.Name, SimulatedTransfer.Version, ExplorerResource.File), TransferEnding.Ok, ExplorerResults.Ok, 1);

    /// <summary>Power was cut between the last byte and the report: the list has told the platform.</summary>
    bool IsHeld(SimulatedTransfer transfer) => transfer.Kind == SimulatedKind.Download && _storage.Held.Any(r => r.Name == transfer.Name);

    async Task RepeatAsync(SimulatedTransfer transfer, CancellationToken ct)
    {
        if (!transfer.Faults.HasFlag(Faults.Repeat))
            return;
        var done = new ReportUpdate(transfer.Name, SimulatedTransfer.Version, new(ExplorerState.Done, null, ExplorerResults.Ok, ""));
        await SayAsync(device => device.PublishAsync(done, ct), ct);
        transfer.Meet(Faults.Repeat);
    }

    ValueTask<Stream> OpenAsync(ExplorerResource resource, CancellationToken ct) =>
        new(_files.TryGetValue(resource.Name, out var file) ? file : PatternStream.Scrap());

    ValueTask EraseAsync(ExplorerResource resource, CancellationToken ct)
    {
        _files.TryRemove(resource.Name, out _);
        return default;
    }
}
