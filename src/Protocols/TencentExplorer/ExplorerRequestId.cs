using System.Runtime.InteropServices;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>The <c>request_id</c> of a device, which wants it back in the form it came in. Unique within one connection only.</summary>
/// <param name="Text">The text, or the digits of the number.</param>
/// <param name="IsNumber">Whether it came as a number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExplorerRequestId(string Text, bool IsNumber = false);
