using System.Runtime.InteropServices;

namespace Waybill.Protocols.TencentHub;

/// <summary>Where a device says it stands.</summary>
/// <param name="State">Done and fail are final.</param>
/// <param name="Percent">0 to 100; null when not sent or outside that range. It may go backwards and never reach 100.</param>
/// <param name="ResultCode">One of <see cref="HubResults"/>, or any other number; 0 when not sent.</param>
/// <param name="ResultMsg">Empty when not sent; cut to <see cref="HubUpReader.MaxResultMsg"/> bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HubProgress(HubState State, int? Percent, int ResultCode, string ResultMsg);

/// <summary>The states on the wire.</summary>
public enum HubState
{
    /// <summary><c>uploading</c> or <c>downloading</c>, by direction.</summary>
    Running,

    /// <summary><c>done</c>: the device believes it succeeded.</summary>
    Done,

    /// <summary><c>fail</c>: this attempt is over.</summary>
    Fail,
}

/// <summary>The result codes devices are known to send.</summary>
public static class HubResults
{
    /// <summary>No fault; the message is empty.</summary>
    public const int Ok = 0;

    /// <summary><c>time_out</c>, and the second report after a refusal of the file server.</summary>
    public const int TimedOut = -1;

    /// <summary><c>file_not_exist</c>: HTTP 404.</summary>
    public const int FileNotExist = -2;

    /// <summary><c>sign invalid</c>: HTTP 403, or the connection was lost.</summary>
    public const int SignInvalid = -3;

    /// <summary><c>md5sum not matched</c>.</summary>
    public const int Md5NotMatched = -4;
}
