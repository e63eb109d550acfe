using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>A file to upload.</summary>
/// <param name="Name">Its name for the platform; see <see cref="Protocols.ResourceNames"/>.</param>
/// <param name="Version">Its version, under the same rules.</param>
/// <param name="Content">Its bytes from position 0 to the end. Must be seekable: an attempt that failed begins at 0 again. Not disposed.</param>
public sealed record ExplorerFile(string Name, string Version, Stream Content)
{
    /// <summary><c>FILE</c>, <c>AUDIO</c>, <c>VOICE</c>, <c>VIDEO</c> or any other short word.</summary>
    public string Type { get; init; } = ExplorerResource.File;

    /// <summary>The <c>request_id</c> of its question, where the application chooses it (v4); null: one is made.</summary>
    public string? RequestId { get; init; }
}
