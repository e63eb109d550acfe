using System.Runtime.InteropServices;

namespace Waybill.Protocols.TencentHub;

/// <summary>What a transfer moves, as both sides name it.</summary>
/// <param name="Name">Identifies the transfer together with the device and the direction; see <see cref="ResourceNames"/>.</param>
/// <param name="Size">Bytes, never negative.</param>
/// <param name="Md5">Digest of the content, in the case it was written in.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HubResource(string Name, long Size, Md5Text Md5);
