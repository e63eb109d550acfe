using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;

namespace Waybill.Cli.Simulate;

/// <summary>One device through all its lives: a reboot ends one, and what was under way goes on in the next.</summary>
sealed class SimulatedDevice(SimulationPlan plan, int index, HttpMessageHandler http, Board board) : IAsyncDisposable
{
    static readonly TimeSpan BootTime = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    Task<HubDevice>? _life;
    volatile HubDevice? _device;

    public string Name => plan.Device(index);

    /// <summary>Not disposed: the handler below serves all devices.</summary>
    public Radio Radio { get; } = new(http, plan.HttpBase, plan.Rate);

    /// <summary>Switches the device on.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await LifeAsync(ct);
        board.Connect(1);
    }

    /// <summary>Power is cut; whoever uses the device next switches it on again.</summary>
    public void CutPower() => _device?.Abort();

    public async Task UploadAsync(SimulatedTransfer transfer, CancellationToken ct)
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

    /// <summary>Fetches what was ordered: asks for it, or waits until it is pushed.</summary>
    public async Task DownloadAsync(SimulatedTransfer transfer, bool ask, CancellationToken ct)
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
            return new(resource == Resource(transfer) ? storage : Scrap());
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

    public async ValueTask DisposeAsync()
    {
        if (_device is { } device)
        {
            await device.DisposeAsync();
            board.Connect(-1);
        }
    }

    static HubProgress Done => new(HubState.Done, 100, HubResults.Ok, "");

    static HubResource Resource(SimulatedTransfer transfer) => new(transfer.Name, transfer.Content.Size, new Md5Text(transfer.Md5));

    static FileStream Scrap() =>
        new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Says that an upload is done of which not a byte was sent.</summary>
    async Task ClaimAsync(SimulatedTransfer transfer, CancellationToken ct)
    {
        await SayAsync(new CreateUploadTask(Resource(transfer)), ct);
        await SayAsync(new ReportUploadProgress(transfer.Name, Done), ct);
        transfer.Meet(Faults.FalseDone);
        transfer.Ended(new(Resource(transfer), TransferEnding.Failed, HubResults.Ok, 1));
    }

    async Task SayAsync(HubUp message, CancellationToken ct)
    {
        while (true)
        {
            var device = await LifeAsync(ct);
            try
            {
                await device.PublishAsync(message, ct);
                return;
            }
            catch (MqttException)
            {
                await Task.Delay(RetryDelay, ct);
            }
        }
    }

    async Task<HubOutcome> SurviveAsync(Func<HubDevice, Task<HubOutcome>> act, CancellationToken ct)
    {
        while (true)
        {
            var device = await LifeAsync(ct);
            try
            {
                return await act(device);
            }
            catch (MqttException)
            {
                // Transfers outlive a lost connection: what ended is the device
                await device.Closed.WaitAsync(ct);
                await Task.Delay(BootTime, ct);
            }
        }
    }

    Task<HubDevice> LifeAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_life is null || (_life.IsCompleted && _device is null or { Closed.IsCompleted: true }))
                _life = BootAsync(ct);
            return _life;
        }
    }

    async Task<HubDevice> BootAsync(CancellationToken ct)
    {
        if (_device is { } before)
            await before.DisposeAsync();
        _device = null;
        return _device = await HubDevice.ConnectAsync(
            new()
            {
                Host = plan.Host,
                Port = plan.MqttPort,
                Identity = new(plan.Product, Name, plan.Secret) { Hash = index % 2 == 0 ? TencentHash.Sha1 : TencentHash.Sha256 },
                Variant = plan.VariantOf(index),
                Http = Radio,
                RetryDelay = RetryDelay,
            },
            ct);
    }
}
