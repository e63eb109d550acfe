using Waybill.Mqtt;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>A generation of docks: how it spells and what it does, each with a habit that was seen in the field.</summary>
public sealed record DjiProfile
{
    /// <summary>The first firmware with logs and upgrades: names its archives itself.</summary>
    public static DjiProfile V12 { get; } = new()
    {
        Name = "v1.2",
        Spelling = DjiSpelling.V12,
        Dock = new(3, 1, 0, "1"),
        Aircraft = new(0, 67, 0, "1"),
        Mqtt = MqttVersion.V311,
        ChoosesKeys = true,
    };

    /// <summary>Keys are the platform's; serial numbers are blank.</summary>
    public static DjiProfile V14 { get; } = new()
    {
        Name = "v1.4",
        Spelling = DjiSpelling.V14,
        Dock = new(3, 1, 0, "1.0.0"),
        Aircraft = new(0, 67, 1, "1.0.0"),
        Mqtt = MqttVersion.V311,
    };

    /// <summary>A bid of its own for each progress.</summary>
    public static DjiProfile V18 { get; } = new()
    {
        Name = "v1.8",
        Spelling = DjiSpelling.V18,
        Dock = new(3, 2, 0, "1.1.2"),
        Aircraft = new(0, 91, 0, "1.1.2"),
        HasRandomBid = true,
    };

    /// <summary>The newest: after an upgrade it says nothing but its new version.</summary>
    public static DjiProfile V116 { get; } = new()
    {
        Name = "v1.16",
        Spelling = DjiSpelling.V116,
        Dock = new(3, 3, 0, "1.2.0"),
        Aircraft = new(0, 100, 0, "1.2.0"),
        EndsUpgradesSilently = true,
    };

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<DjiProfile> All { get; } = [V12, V14, V18, V116];

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>How its messages look.</summary>
    public required DjiSpelling Spelling { get; init; }

    /// <summary>Model of the dock.</summary>
    public required DjiThing Dock { get; init; }

    /// <summary>Model of its aircraft.</summary>
    public required DjiThing Aircraft { get; init; }

    /// <summary>What it says in CONNECT.</summary>
    public MqttVersion Mqtt { get; init; } = MqttVersion.V50;

    /// <summary>Names archives itself, under the directory it was told.</summary>
    public bool ChoosesKeys { get; init; }

    /// <summary>Each progress has a bid of its own, not that of the command.</summary>
    public bool HasRandomBid { get; init; }

    /// <summary>There is no last progress after the restart of an upgrade.</summary>
    public bool EndsUpgradesSilently { get; init; }
}
