using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>
/// What a device of the Explorer dialect is told at its start. Signature, application id and expiry are those of the
/// <see cref="Variant"/>, whatever <see cref="DeviceOptions.Identity"/> says of them.
/// </summary>
public sealed record ExplorerDeviceOptions : DeviceOptions
{
    /// <summary>Which SDK the device imitates: the bytes of its messages and all that is told of it in the dialect's README.</summary>
    public ExplorerVariant Variant { get; init; } = ExplorerVariant.C3;

    /// <summary>What it holds.</summary>
    public required ExplorerStorage Storage { get; init; }

    /// <summary>How often one HTTP request of a download is tried before the download has failed.</summary>
    public int Tries { get; init; } = 3;
}
