namespace Waybill.Devices;

/// <summary>What a gateway last said of itself and of the aircraft it speaks for, and what it is doing for us; null where nobody knows.</summary>
sealed record GatewayCondition
{
    public static GatewayCondition Unknown { get; } = new();

    /// <summary>Whether it is there and takes commands.</summary>
    public bool IsListening { get; init; }

    /// <summary>The serial number of its aircraft, also while that is off.</summary>
    public string? AircraftSn { get; init; }

    public bool? AircraftIsOn { get; init; }
    public bool? AircraftIsHome { get; init; }

    /// <summary>Percent, of the aircraft.</summary>
    public int? Battery { get; init; }

    /// <summary>The emergency stop is pressed.</summary>
    public bool? IsStopped { get; init; }

    /// <summary>What it is doing, as the end of a sentence; null when it is idle or did not say.</summary>
    public string? Occupation { get; init; }

    /// <summary>Another job that it has of us and that excludes more, as the end of a sentence; null when it has none.</summary>
    public string? OtherJob { get; init; }
}
