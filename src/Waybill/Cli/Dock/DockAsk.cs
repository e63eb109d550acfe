namespace Waybill.Cli.Dock;

/// <summary>Which dock is to be added, and to what. Holds secrets: not to be printed.</summary>
sealed record DockAsk
{
    public required string Product { get; init; }
    public required string Sn { get; init; }
    public required string Organization { get; init; }

    /// <summary>Null: its id, for a new one.</summary>
    public string? OrganizationName { get; init; }

    /// <summary>Null: the one it has, or for a new one a made one.</summary>
    public string? BindingCode { get; init; }

    /// <summary>Null: the one it has, or for a new dock a made one.</summary>
    public string? Secret { get; init; }

    public bool WantsNewSecret { get; init; }
    public DjiLicence? Licence { get; init; }

    /// <summary>Of the MQTT listener, as docks reach it: <c>tcp://host:1883</c>.</summary>
    public required string Mqtt { get; init; }

    public bool IsWatched { get; init; } = true;

    /// <summary>How long a step may take before its cause is told.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(8);

    public override string ToString() => $"{Product}/{Sn}";
}

/// <summary>Of an app at developer.dji.com. Holds secrets.</summary>
sealed record DjiLicence(string AppId, string AppKey, string AppLicense)
{
    public override string ToString() => nameof(DjiLicence);
}
