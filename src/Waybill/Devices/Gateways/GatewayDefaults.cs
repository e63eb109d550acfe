namespace Waybill.Devices.Gateways;

/// <summary><c>Waybill:Dji</c>: what products of docks have that have nothing of their own. Holds secrets: not to be logged.</summary>
sealed record GatewayDefaults
{
    public string? AppId { get; init; }
    public string? AppKey { get; init; }
    public string? AppLicense { get; init; }
    public string? NtpHost { get; init; }
    public int? NtpPort { get; init; }

    /// <summary>A licence belongs together: one of which the product has a part is the product's.</summary>
    public GatewaySettings Fill(GatewaySettings settings)
    {
        var isBare = settings is { AppId: null, AppKey: null, AppLicense: null };
        return settings with
        {
            AppId = isBare ? AppId : settings.AppId,
            AppKey = isBare ? AppKey : settings.AppKey,
            AppLicense = isBare ? AppLicense : settings.AppLicense,
            NtpHost = settings.NtpHost ?? NtpHost,
            NtpPort = settings.NtpPort ?? NtpPort,
        };
    }

    public override string ToString() => nameof(GatewayDefaults);
}
