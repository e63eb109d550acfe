using System.Runtime.InteropServices;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Where a log export or an upgrade stands.</summary>
public enum DjiState
{
    /// <summary>A word that is not in this list; it is no end.</summary>
    Unknown,

    /// <summary><c>sent</c></summary>
    Sent,

    /// <summary><c>in_progress</c></summary>
    InProgress,

    /// <summary><c>paused</c></summary>
    Paused,

    /// <summary><c>file_pull</c>: logs are fetched from the modules.</summary>
    FilePull,

    /// <summary><c>file_zip</c></summary>
    FileZip,

    /// <summary><c>file_uploading</c></summary>
    FileUploading,

    /// <summary><c>ok</c>, the first of the final ones.</summary>
    Ok,

    /// <summary><c>rejected</c></summary>
    Rejected,

    /// <summary><c>failed</c></summary>
    Failed,

    /// <summary><c>canceled</c></summary>
    Canceled,

    /// <summary><c>timeout</c></summary>
    Timeout,
}

/// <summary>A state with the word it was said by.</summary>
/// <param name="State">What it means.</param>
/// <param name="Word">As sent.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DjiStatus(DjiState State, string Word)
{
    /// <summary>Whether nothing may follow.</summary>
    public bool IsFinal => State >= DjiState.Ok;

    /// <summary>A state by its word; <see cref="DjiState.Unknown"/> has none.</summary>
    public static DjiStatus Of(DjiState state) => new(state, state switch
    {
        DjiState.Sent => "sent",
        DjiState.InProgress => "in_progress",
        DjiState.Paused => "paused",
        DjiState.FilePull => "file_pull",
        DjiState.FileZip => "file_zip",
        DjiState.FileUploading => "file_uploading",
        DjiState.Ok => "ok",
        DjiState.Rejected => "rejected",
        DjiState.Failed => "failed",
        DjiState.Canceled => "canceled",
        DjiState.Timeout => "timeout",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    });

    internal static DjiStatus? Of(string? word) => word is null ? null : new(word switch
    {
        "sent" => DjiState.Sent,
        "in_progress" => DjiState.InProgress,
        "paused" => DjiState.Paused,
        "file_pull" => DjiState.FilePull,
        "file_zip" => DjiState.FileZip,
        "file_uploading" => DjiState.FileUploading,
        "ok" => DjiState.Ok,
        "rejected" => DjiState.Rejected,
        "failed" => DjiState.Failed,
        "canceled" => DjiState.Canceled,
        "timeout" => DjiState.Timeout,
        _ => DjiState.Unknown,
    }, word);
}
