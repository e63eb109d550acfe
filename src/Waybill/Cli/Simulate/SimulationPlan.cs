namespace Waybill.Cli.Simulate;

/// <summary>What a simulation does.</summary>
sealed record SimulationPlan
{
    public required string Host { get; init; }
    public required int MqttPort { get; init; }

    /// <summary>Replaces scheme, host and port of the device URLs; null: they are used as given.</summary>
    public Uri? HttpBase { get; init; }

    public required string Product { get; init; }
    public required int Devices { get; init; }
    public required string Prefix { get; init; }
    public required string Secret { get; init; }

    /// <summary>Transfers of each device in each direction; with <see cref="Duration"/> only whether there are any.</summary>
    public required int Uploads { get; init; }
    public required int Downloads { get; init; }

    /// <summary>Files of each device that are deleted at the end, where devices can be told to.</summary>
    public int Removals { get; init; }

    /// <summary>Go on for this long instead of counting.</summary>
    public TimeSpan? Duration { get; init; }

    public required long LeastSize { get; init; }
    public required long MostSize { get; init; }

    /// <summary>Bytes per second of a device's radio; null: as fast as it goes.</summary>
    public long? Rate { get; init; }

    /// <summary>Devices that connect per second.</summary>
    public required double ConnectRate { get; init; }

    /// <summary>The devices take turns.</summary>
    public IReadOnlyList<SimulatedVariant> Variants { get; init; } = SimulatedVariants.Mixed;

    public FaultRates Faults { get; init; } = new();

    /// <summary>How long the server may take to bring every transfer to its end.</summary>
    public required TimeSpan Settle { get; init; }

    public required int Seed { get; init; }

    /// <summary>Marks the names of this run.</summary>
    public required string Run { get; init; }

    public string Device(int index) => $"{Prefix}{index:D5}";

    public SimulatedVariant VariantOf(int index) => Variants[index % Variants.Count];

    public IReadOnlyList<string> Dialects => [.. Variants.Select(v => v.Dialect()).Distinct()];
}

/// <summary>How likely each fault is, 0 to 1, for each transfer.</summary>
sealed record FaultRates
{
    /// <summary>The connection breaks in the middle of the body.</summary>
    public double Drop { get; init; }

    /// <summary>A bit flips on the way.</summary>
    public double WrongMd5 { get; init; }

    /// <summary>Messages are sent twice.</summary>
    public double Repeat { get; init; }

    /// <summary>The device loses power in the middle of the body and starts again.</summary>
    public double Reboot { get; init; }

    /// <summary>The device loses power and all it has stored in the middle of the body; of the Explorer dialect.</summary>
    public double Reflash { get; init; }

    /// <summary>The device says done and has not sent a byte.</summary>
    public double FalseDone { get; init; }
}
