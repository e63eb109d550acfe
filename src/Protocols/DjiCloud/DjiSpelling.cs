namespace Waybill.Protocols.DjiCloud;

/// <summary>
/// How firmware spells its messages: what the vendor's own pages and examples disagree on, from one generation to the next. A platform
/// reads all of it; only devices need to choose.
/// </summary>
public sealed record DjiSpelling
{
    /// <summary>The first generation, by the letter of its tables: almost everything is misspelt or in another place.</summary>
    public static DjiSpelling V12 { get; } = new()
    {
        IsFlat = true,
        TimestampHasColon = true,
        GatewayIsBlank = true,
        HasOldTopology = true,
        Percent = "prgress",
        OtaStatus = "stauts",
    };

    /// <summary>With <c>output</c> and the number of the step's error; modules are numbers and serial numbers blank.</summary>
    public static DjiSpelling V14 { get; } = new() { TimestampHasColon = true, ModuleIsNumber = true, SnIsBlank = true, Percent = "prgress" };

    /// <summary>Steps of an upgrade are numbers, and lists of logs stand in <c>output</c>.</summary>
    public static DjiSpelling V18 { get; } = new() { ListIsInOutput = true, Step = "current_step", StepIsNumber = true, HasAllTotals = true };

    /// <summary>Steps of an upgrade are words under another name, and times of logs are seconds.</summary>
    public static DjiSpelling V116 { get; } = new() { TimesAreSeconds = true, Step = "current_step", HasAllTotals = true };

    /// <summary>Progress has no <c>result</c> and <c>output</c>: status and the rest stand in <c>data</c>.</summary>
    public bool IsFlat { get; init; }

    /// <summary>The key is <c>"timestamp:"</c>.</summary>
    public bool TimestampHasColon { get; init; }

    /// <summary>Answers to commands have an empty gateway.</summary>
    public bool GatewayIsBlank { get; init; }

    /// <summary>Topology has <c>version</c>, and no domain.</summary>
    public bool HasOldTopology { get; init; }

    /// <summary>Modules of logs are numbers.</summary>
    public bool ModuleIsNumber { get; init; }

    /// <summary>Lists and progress of logs leave it to the module to tell the device.</summary>
    public bool SnIsBlank { get; init; }

    /// <summary>The list of logs stands in <c>output</c>, not beside <c>result</c>.</summary>
    public bool ListIsInOutput { get; init; }

    /// <summary>Start and end of a log are seconds.</summary>
    public bool TimesAreSeconds { get; init; }

    /// <summary>The number of steps is sent for the aircraft too.</summary>
    public bool HasAllTotals { get; init; }

    /// <summary>Name of the percentage of a log.</summary>
    public string Percent { get; init; } = "progress";

    /// <summary>Name of the state of an upgrade.</summary>
    public string OtaStatus { get; init; } = "status";

    /// <summary>Name of the step of an upgrade.</summary>
    public string Step { get; init; } = "step_key";

    /// <summary>Whether that is 1 or 2, not a word.</summary>
    public bool StepIsNumber { get; init; }

    /// <summary>Name of the end of every log but the first of a list: misspelt in the example of every version.</summary>
    public string LaterEnd { get; init; } = "end_ime";
}
