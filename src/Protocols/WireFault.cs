using System.Runtime.InteropServices;

namespace Waybill.Protocols;

/// <summary>Why a payload is not a message.</summary>
/// <param name="Kind">For counting.</param>
/// <param name="Reason">For the log: names the field, quotes nothing that was sent.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WireFault(WireFaultKind Kind, string Reason)
{
    internal static WireFault Nonsense(string reason) => new(WireFaultKind.Nonsense, reason);

    internal static WireFault Refused(string reason) => new(WireFaultKind.Refused, reason);
}

/// <summary>The ways a payload is not a message.</summary>
public enum WireFaultKind
{
    /// <summary>Not JSON, or a field is missing or of the wrong type.</summary>
    Nonsense,

    /// <summary>An object whose <c>type</c> or <c>method</c> this side does not know.</summary>
    UnknownType,

    /// <summary>A message whose values are not acceptable: a bad name, a negative size, an MD5 that is not 32 digits.</summary>
    Refused,
}
