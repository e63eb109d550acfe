namespace Waybill.Cli.Simulate;

/// <summary>Whose SDK a simulated device carries.</summary>
enum SimulatedVariant
{
    C,
    Python,
    C3,
    V4,
    Java,
}

/// <summary>Devices take turns through these.</summary>
static class SimulatedVariants
{
    public static readonly IReadOnlyList<SimulatedVariant> Hub = [SimulatedVariant.C, SimulatedVariant.C, SimulatedVariant.C, SimulatedVariant.Python];

    public static readonly IReadOnlyList<SimulatedVariant> Explorer = [SimulatedVariant.C3, SimulatedVariant.V4, SimulatedVariant.Java];

    public static readonly IReadOnlyList<SimulatedVariant> Mixed =
    [
        SimulatedVariant.C, SimulatedVariant.C3, SimulatedVariant.Python, SimulatedVariant.V4, SimulatedVariant.C, SimulatedVariant.Java,
    ];

    /// <summary>What <c>--variant</c> takes.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<SimulatedVariant>> ByName = new Dictionary<string, IReadOnlyList<SimulatedVariant>>
    {
        ["mixed"] = Mixed,
        ["hub"] = Hub,
        ["explorer"] = Explorer,
        ["c"] = [SimulatedVariant.C],
        ["python"] = [SimulatedVariant.Python],
        ["c3"] = [SimulatedVariant.C3],
        ["v4"] = [SimulatedVariant.V4],
        ["java"] = [SimulatedVariant.Java],
    };

    /// <summary>The dialect, by its name in the API.</summary>
    public static string Dialect(this SimulatedVariant variant) =>
        variant is SimulatedVariant.C or SimulatedVariant.Python ? "tencent-hub" : "tencent-explorer";
}
