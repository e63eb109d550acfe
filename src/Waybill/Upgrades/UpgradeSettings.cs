namespace Waybill.Upgrades;

/// <summary><c>Waybill:Upgrades</c>.</summary>
sealed record UpgradeSettings
{
    /// <summary>How long an answer is waited for: the dock may have to wake its aircraft first.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long to wait before a dock that could not be told is told again.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an upgrade waits for its dock.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long it may take in all, the download over a slow link included.</summary>
    public TimeSpan Job { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long nothing may be heard: devices restart, some more than once.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(40);

    /// <summary>How long the versions may take to come after the dock said that it is done.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);
}
