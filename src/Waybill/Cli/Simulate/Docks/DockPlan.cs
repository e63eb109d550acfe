using Waybill.Device;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>What simulated docks do.</summary>
sealed record DockPlan
{
    public required string Host { get; init; }
    public required int MqttPort { get; init; }
    public required string Product { get; init; }
    public required int Docks { get; init; }

    /// <summary>The docks take turns.</summary>
    public IReadOnlyList<DjiProfile> Profiles { get; init; } = DjiProfile.All;

    /// <summary>What each dock does.</summary>
    public IReadOnlyList<DockTrial> Trials { get; init; } = [DockTrial.BringUp, DockTrial.Logs, DockTrial.Upgrade, DockTrial.Media];

    /// <summary>What goes wrong: the docks share it among them.</summary>
    public IReadOnlyList<DockTrial> Faults { get; init; } = [];

    public string Secret { get; init; } = "simulated dock";
    public required long LeastSize { get; init; }
    public required long MostSize { get; init; }

    /// <summary>Whether one of the first dock's logs is so large that it is uploaded in parts.</summary>
    public bool HasLargeLog { get; init; } = true;

    /// <summary>How often jobs are told of.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a dock is away when it restarts.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one trial may take.</summary>
    public required TimeSpan Settle { get; init; }

    public required int Seed { get; init; }

    /// <summary>Marks the names of this run.</summary>
    public required string Run { get; init; }

    public const string Organization = "simulation";
    public const string BindingCode = "SIMULATED1";

    public static string DockSn(int index) => $"SIMDOCK{index:D7}";

    public static string AircraftSn(int index) => $"SIMDRONE{index:D6}";

    public DjiProfile ProfileOf(int index) => Profiles[index % Profiles.Count];

    public IEnumerable<DockTrial> TrialsOf(int index) => Trials.Concat(Faults.Where((_, i) => i % Docks == index));
}
