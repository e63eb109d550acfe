using Waybill.Device;
using Waybill.Mqtt.Client;

namespace Waybill.Cli.Simulate;

/// <summary>A device as a simulation uses it, whatever it speaks.</summary>
abstract class SimulatedDevice(SimulationPlan plan, int index, HttpMessageHandler http) : IAsyncDisposable
{
    protected static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    public string Name => plan.Device(index);

    public SimulatedVariant Variant => plan.VariantOf(index);

    /// <summary>Not disposed: the handler below serves all devices.</summary>
    public Radio Radio { get; } = new(http, plan.HttpBase, plan.Rate);

    /// <summary>The faults that mean something to it.</summary>
    public abstract Faults Meets(SimulatedKind kind);

    /// <summary>Switches the device on.</summary>
    public abstract Task StartAsync(CancellationToken ct);

    /// <summary>Power is cut; whoever uses the device next switches it on again.</summary>
    public abstract void CutPower();

    /// <summary>All that it has stored is lost, and so is its power.</summary>
    public abstract void Reflash();

    public abstract Task UploadAsync(SimulatedTransfer transfer, CancellationToken ct);

    /// <summary>Makes room for what will be ordered.</summary>
    public abstract void Expect(SimulatedTransfer transfer);

    /// <summary>Fetches or deletes what was ordered.</summary>
    /// <param name="transfer">What was ordered.</param>
    /// <param name="ask">Whether it asks for it, where devices do, or waits until it is told.</param>
    /// <param name="ct">Ends the device.</param>
    public abstract Task CarryOutAsync(SimulatedTransfer transfer, bool ask, CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    public static SimulatedDevice Make(SimulationPlan plan, int index, HttpMessageHandler http, Board board) =>
        plan.VariantOf(index) is SimulatedVariant.C or SimulatedVariant.Python
            ? new SimulatedHubDevice(plan, index, http, board)
            : new SimulatedExplorerDevice(plan, index, http, board);

    protected SimulationPlan Plan => plan;

    protected TencentIdentity Identity => new(plan.Product, Name, plan.Secret) { Hash = index % 4 < 2 ? TencentHash.Sha1 : TencentHash.Sha256 };
}

/// <summary>One device through all its lives: a reboot ends one, and what was under way goes on in the next.</summary>
abstract class SimulatedDevice<T>(SimulationPlan plan, int index, HttpMessageHandler http, Board board) : SimulatedDevice(plan, index, http)
    where T : TencentDevice
{
    static readonly TimeSpan BootTime = TimeSpan.FromMilliseconds(300);

    readonly Lock _lock = new();
    Task<T>? _life;
    volatile T? _device;

    public override async Task StartAsync(CancellationToken ct)
    {
        await LifeAsync(ct);
        board.Connect(1);
    }

    public override void CutPower() => _device?.Abort();

    public override async ValueTask DisposeAsync()
    {
        if (_device is { } device)
        {
            await device.DisposeAsync();
            board.Connect(-1);
        }
    }

    protected abstract Task<T> ConnectAsync(CancellationToken ct);

    protected async Task SayAsync(Func<T, Task> say, CancellationToken ct)
    {
        while (true)
        {
            var device = await LifeAsync(ct);
            try
            {
                await say(device);
                return;
            }
            catch (MqttException)
            {
                await Task.Delay(RetryDelay, ct);
            }
        }
    }

    protected async Task<TOutcome> SurviveAsync<TOutcome>(Func<T, Task<TOutcome>> act, CancellationToken ct)
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

    Task<T> LifeAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_life is null || (_life.IsCompleted && _device is null or { Closed.IsCompleted: true }))
                _life = BootAsync(ct);
            return _life;
        }
    }

    async Task<T> BootAsync(CancellationToken ct)
    {
        if (_device is { } before)
            await before.DisposeAsync();
        _device = null;
        return _device = await ConnectAsync(ct);
    }
}
