using System.Runtime.InteropServices;

namespace Waybill.Protocols.TencentExplorer;

/// <summary>A file on a device, as both sides name it.</summary>
/// <param name="Name">See <see cref="ResourceNames"/>.</param>
/// <param name="Version">The same rules as for names.</param>
/// <param name="Type"><c>FILE</c>, <c>AUDIO</c>, <c>VOICE</c>, <c>VIDEO</c> or any other short word.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExplorerResource(string Name, string Version, string Type)
{
    /// <summary>The type of what was reported without one.</summary>
    public const string File = "FILE";
}
