namespace Waybill.Devices.Gateways;

/// <summary>Who stands behind a gateway, as the gateway says.</summary>
/// <param name="Sn">Its serial number, which is its name in the registry.</param>
/// <param name="ModelKey">Domain, type and sub-type, <c>0-67-0</c>; empty where it was not said.</param>
/// <param name="Index">The link it is on, <c>A</c>; empty where it was not said.</param>
/// <param name="IsOn">Whether it is reached now.</param>
sealed record GatewayMember(string Sn, string ModelKey, string Index, bool IsOn);

/// <summary>A member as it is recorded.</summary>
sealed record KnownMember
{
    /// <summary>Row id of the device.</summary>
    public long DeviceId { get; init; }

    public long GatewayId { get; init; }
    public string Sn { get; init; } = "";
    public string ModelKey { get; init; } = "";
    public string Index { get; init; } = "";
    public bool IsOn { get; init; }

    /// <summary>When the gateway last said so.</summary>
    public long SeenAt { get; init; }

    /// <summary>Its version, as it was last reported; null: never.</summary>
    public string? Firmware { get; init; }
}

/// <summary>Who is not recorded behind the gateway, and why, as the end of a sentence.</summary>
sealed record RefusedMember(string Sn, string Reason);

/// <summary>What became of what a gateway said.</summary>
/// <param name="Taken">Those who are behind it.</param>
/// <param name="Refused">Those who are not.</param>
/// <param name="Left">Who is behind another gateway no longer: that gateway's row id, and the serial number.</param>
sealed record MembersTaken(IReadOnlyList<KnownMember> Taken, IReadOnlyList<RefusedMember> Refused, IReadOnlyList<(long GatewayId, string Sn)> Left);

/// <summary>The version that a device says it has.</summary>
sealed record FirmwareSeen(string Sn, string Version);

/// <summary>What a device is among gateways.</summary>
/// <param name="Members">Behind it.</param>
/// <param name="Behind">The gateway's name; null where it is behind none.</param>
/// <param name="SeenAt">When that gateway last spoke of it.</param>
/// <param name="Firmware">Its own; null: it never said.</param>
sealed record GatewayStanding(IReadOnlyList<KnownMember> Members, string? Behind, long? SeenAt, string? Firmware);
