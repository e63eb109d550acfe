using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>What a device of the Hub dialect is told at its start.</summary>
public sealed record HubDeviceOptions : DeviceOptions
{
    /// <summary>Which SDK the device imitates: the bytes of its messages, its MQTT version, its QoS.</summary>
    public HubVariant Variant { get; init; } = HubVariant.C;

    /// <summary>How long a report waits for its answer. A final upload report without one is an attempt lost.</summary>
    public TimeSpan ReportTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
