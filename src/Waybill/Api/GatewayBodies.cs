using Waybill.Devices.Gateways;

namespace Waybill.Api;

/// <summary>Who stands behind a gateway.</summary>
sealed record GatewayAnswer(IReadOnlyList<GatewayMemberAnswer> Members);

/// <param name="Sn">The name of its device.</param>
/// <param name="Model">Domain, type and sub-type; null where it was not said.</param>
/// <param name="IsOn">Whether its gateway reaches it.</param>
/// <param name="SeenAt">When its gateway last said so.</param>
/// <param name="Firmware">As last reported.</param>
sealed record GatewayMemberAnswer(string Sn, string? Model, bool IsOn, DateTime SeenAt, string? Firmware)
{
    public static GatewayMemberAnswer Of(KnownMember m) => new(m.Sn, m.ModelKey.Length == 0 ? null : m.ModelKey, m.IsOn, Times.Utc(m.SeenAt), m.Firmware);
}
