namespace Waybill.Logs;

/// <summary>How a log request, or one of its archives, stands. 10 and above are terminal and sticky: the numbers of transfers.</summary>
enum LogState
{
    /// <summary>Waits for the dock.</summary>
    Pending = 0,

    /// <summary>The dock has been told.</summary>
    Sent = 1,
    InProgress = 2,
    Paused = 3,

    /// <summary>There is a list to choose from.</summary>
    Listed = 4,
    Ok = 10,
    Failed = 11,
    Rejected = 12,
    Canceled = 13,
    Timeout = 14,
}

enum LogStep
{
    None = 0,

    /// <summary>The answer to a start was lost: the dock may or may not be at work, and is not told twice.</summary>
    Unknown = 1,

    /// <summary>The dock says that it is done; the archives have not been seen in storage.</summary>
    Verifying = 2,
}

/// <summary>What a dock is to be told.</summary>
enum LogCommand
{
    None = 0,
    List = 1,
    Start = 2,
    Cancel = 3,
}
