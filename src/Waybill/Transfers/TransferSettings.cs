namespace Waybill.Transfers;

/// <summary><c>Waybill:Transfers</c>.</summary>
sealed record TransferSettings
{
    /// <summary>How long an upload URL works.</summary>
    public TimeSpan UploadUrl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a download URL works; a fresh one is issued within the same transfer.</summary>
    public TimeSpan DownloadUrl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a download waits for its device to come and fetch it.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a claim may stand without proof.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After this time without a sign from the device a command is sent again.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Wait after the first failed attempt; doubles with each.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(30);

    public int Attempts { get; init; } = 5;

    /// <summary>The largest upload a device may announce, in bytes.</summary>
    public long MaximumSize { get; init; } = 2L << 30;

    /// <summary>Open downloads and removals of one device.</summary>
    public int MostQueued { get; init; } = 100;

    public long BackOffAfter(int attempts) => (long)BackOff.TotalMilliseconds << Math.Min(attempts - 1, 10);
}
