using System.Threading.Channels;
using Waybill.Device;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>A dock with its aircraft, on line: follows what it is told, and says every other second how it stands.</summary>
sealed class SimulatedDock(DockPlan plan, int index, DockBoard board) : IAsyncDisposable
{
    static readonly TimeSpan s_osdPace = TimeSpan.FromSeconds(2);
    static readonly TimeSpan s_answers = TimeSpan.FromSeconds(10);

    /// <summary>As of real docks, but for the first: it is over before the answer comes, so that there is always a repetition.</summary>
    static readonly TimeSpan[] s_resends = [TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4.2), TimeSpan.FromSeconds(8.2)];

    readonly Channel<DjiJobOutcome> _outcomes = Channel.CreateUnbounded<DjiJobOutcome>();
    readonly Dictionary<(string Module, long Index), PatternContent> _logs = Logs(plan, index);
    CancellationTokenSource? _life;
    Task _living = Task.CompletedTask;
    DjiDock? _dock;

    public string Sn => DockPlan.DockSn(index);

    public string AircraftSn => DockPlan.AircraftSn(index);

    public DjiProfile Profile => plan.ProfileOf(index);

    public DockStorage Storage { get; } = new(board);

    /// <summary>Jobs that ended and were not looked at yet.</summary>
    public ChannelReader<DjiJobOutcome> Outcomes => _outcomes.Reader;

    public DjiDock Dock => _dock ?? throw new InvalidOperationException("The dock is off.");

    /// <summary>Switches it on; what was on before goes off.</summary>
    /// <param name="profile">Its generation, maybe with a habit that is not its own.</param>
    /// <param name="code">The binding code that was typed.</param>
    /// <param name="ct">Gives it up.</param>
    public async Task<DjiArrival> StartAsync(DjiProfile profile, string code, CancellationToken ct)
    {
        var condition = _dock?.Condition ?? new();
        await StopAsync();
        _dock = await DjiDock.ConnectAsync(Options(profile, code) with { Condition = condition }, ct);
        board.Connect(1);
        var arrival = await _dock.ArriveAsync(ct);
        _life = new();
        _living = Task.WhenAll(ObeyAsync(_dock, _life.Token), SayAsync(_dock, _life.Token));
        return arrival;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    async Task StopAsync()
    {
        if (_dock is not { } dock)
            return;
        _dock = null;
        if (_life is not null)
            await _life.CancelAsync();
        await dock.DisposeAsync();
        await _living;
        _life?.Dispose();
        _life = null;
        board.Connect(-1);
    }

    DjiDockOptions Options(DjiProfile profile, string code) => new()
    {
        Host = plan.Host,
        Port = plan.MqttPort,
        Password = plan.Secret,
        DockSn = Sn,
        AircraftSn = AircraftSn,
        Profile = profile,
        Organization = new(DockPlan.Organization, code),
        Callsign = $"Simulated {profile.Name}",
        Logs = new()
        {
            Dock = Boots(DjiModules.Dock),
            Aircraft = Boots(DjiModules.Aircraft),
            Open = (module, boot, _) => new(new PatternStream(_logs[(module, boot.Index)], _logs[(module, boot.Index)].Size)),
        },
        Upload = Storage.UploadAsync,
        AnswerTimeout = s_answers,
        ResendDelays = s_resends,
        ReportInterval = plan.ReportInterval,
        RestartTime = plan.RestartTime,
    };

    List<DjiBootLog> Boots(string module)
    {
        var begin = DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeMilliseconds();
        return [.. _logs.Where(l => l.Key.Module == module).Select(l => new DjiBootLog(l.Key.Index, begin, begin + 3_600_000, l.Value.Size)).OrderBy(b => b.Index)];
    }

    async Task ObeyAsync(DjiDock dock, CancellationToken ct)
    {
        try
        {
            await dock.RunAsync(new Outcome(_outcomes.Writer), ct);
        }
        catch (Exception e) when (e is OperationCanceledException or MqttException)
        {
            // It was switched off
        }
    }

    static async Task SayAsync(DjiDock dock, CancellationToken ct)
    {
        try
        {
            for (; ; await Task.Delay(s_osdPace, ct))
                await dock.SayOsdAsync(ct);
        }
        catch (Exception e) when (e is OperationCanceledException or MqttException)
        {
            // Likewise
        }
    }

    /// <summary>Two starts of each.</summary>
    static Dictionary<(string Module, long Index), PatternContent> Logs(DockPlan plan, int index)
    {
        var dice = new Random(unchecked(plan.Seed * 31 + index));
        var logs = new Dictionary<(string Module, long Index), PatternContent>();
        foreach (var module in (string[])[DjiModules.Dock, DjiModules.Aircraft])
        {
            for (var boot = 320L; boot < 322; boot++)
                logs[(module, boot)] = new(dice.Next(), dice.NextInt64(plan.LeastSize, plan.MostSize + 1));
        }
        if (plan.HasLargeLog && index == 0)
            logs[(DjiModules.Dock, 322)] = new(dice.Next(), DockStorage.PartSize * 2L + 12345);
        return logs;
    }

    /// <summary>Told at once, unlike <see cref="Progress{T}"/>.</summary>
    sealed class Outcome(ChannelWriter<DjiJobOutcome> outcomes) : IProgress<DjiJobOutcome>
    {
        public void Report(DjiJobOutcome value) => outcomes.TryWrite(value);
    }
}
