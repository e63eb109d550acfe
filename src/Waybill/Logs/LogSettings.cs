namespace Waybill.Logs;

/// <summary><c>Waybill:Logs</c>.</summary>
sealed record LogSettings
{
    /// <summary>How long an answer to a command is waited for: the dock may have to wake its aircraft first.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often a command that does no harm twice is sent, with the same id.</summary>
    public int Tries { get; init; } = 3;

    /// <summary>How long to wait before a dock that could not be told is told again.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for its dock.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long an upload may take in all.</summary>
    public TimeSpan Job { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a dock at work may say nothing.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a claim may stand without the archive being seen.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a canceled module may take to say so.</summary>
    public TimeSpan Cancel { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most boots in one archive: more, and docks give up while packing.</summary>
    public int MostBoots { get; init; } = 200;
}
