using System.Runtime.InteropServices;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>Where a device says it stands.</summary>
/// <param name="State">Done and fail are final, whatever the method.</param>
/// <param name="Percent">0 to 100; null when not sent or outside that range.</param>
/// <param name="ResultCode">One of <see cref="ExplorerResults"/>, or any other number; 0 when not sent.</param>
/// <param name="ResultMsg">For people: the same text stands for several codes. Empty when not sent; cut to <see cref="ExplorerUpReader.MaxResultMsg"/> bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExplorerProgress(ExplorerState State, int? Percent, int ResultCode, string ResultMsg)
{
    /// <summary>Whether this attempt is over.</summary>
    public bool IsFinal => State is ExplorerState.Done or ExplorerState.Fail;

    /// <summary>Whether it is over and the device believes it succeeded: the C and Java SDKs say <c>done</c> of failures too.</summary>
    public bool IsSuccess => State == ExplorerState.Done && ResultCode == ExplorerResults.Ok;
}

/// <summary>The states on the wire.</summary>
public enum ExplorerState
{
    /// <summary><c>downloading</c>, or <c>uploading</c>.</summary>
    Running,

    /// <summary><c>burning</c>: the bytes are there and being put to use.</summary>
    Burning,

    /// <summary><c>done</c>: over, well when the code is 0.</summary>
    Done,

    /// <summary><c>fail</c>: over.</summary>
    Fail,
}

/// <summary>The result codes devices are known to send.</summary>
public static class ExplorerResults
{
    /// <summary>No fault.</summary>
    public const int Ok = 0;

    /// <summary>The download timed out; of an upload in the C SDK, that it failed.</summary>
    public const int TimedOut = -1;

    /// <summary>HTTP 404, or a command without a needed field.</summary>
    public const int FileNotExist = -2;

    /// <summary>HTTP 403.</summary>
    public const int AuthFailed = -3;

    /// <summary>The content has another MD5.</summary>
    public const int Md5NotMatched = -4;

    /// <summary>The content could not be put to use.</summary>
    public const int UpdateFailed = -5;

    /// <summary>Trying again is hopeless.</summary>
    public const int NoSpace = -6;

    /// <summary>The file could not be deleted.</summary>
    public const int DeleteFailed = -7;

    /// <summary>The upload failed, in the v4 SDK.</summary>
    public const int PostFailed = -8;
}
