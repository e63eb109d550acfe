using System.Text.Json;
using Waybill.Devices.Gateways;

namespace Waybill.Devices;

/// <summary>A kind of device. A row of <c>products</c>, without its secrets.</summary>
sealed record Product
{
    public const string Columns =
        "id, name, title, dialects as dialectsText, device_url as deviceUrl, disabled_at as disabledAt, created_at as createdAt, updated_at as updatedAt, "
        + "registration_policy as policy, registration_limit as registrationLimit, registration_made as registrationMade, "
        + "registration_secret is not null as hasRegistrationSecret, "
        + "dji_mode as gatewayMode, dji_app_id as appId, dji_app_key is not null as hasAppKey, dji_app_license is not null as hasAppLicense, "
        + "dji_ntp_host as ntpHost, dji_ntp_port as ntpPort, dji_issuer as issuer, dji_bucket as bucket, login_user as loginUser";

    public long Id { get; init; }

    /// <summary>What topics and URLs carry.</summary>
    public string Name { get; init; } = "";

    /// <summary>What people call it.</summary>
    public string Title { get; init; } = "";

    public string DialectsText { get; init; } = "[]";
    public string? DeviceUrl { get; init; }
    public long? DisabledAt { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public RegistrationPolicy Policy { get; init; }
    public long? RegistrationLimit { get; init; }

    /// <summary>How many devices made themselves and are still there.</summary>
    public long RegistrationMade { get; init; }

    public bool HasRegistrationSecret { get; init; }

    public GatewayMode GatewayMode { get; init; }
    public string? AppId { get; init; }
    public bool HasAppKey { get; init; }
    public bool HasAppLicense { get; init; }
    public string? NtpHost { get; init; }
    public int? NtpPort { get; init; }
    public string? Issuer { get; init; }
    public string? Bucket { get; init; }

    /// <summary>Of the login that any of its gateways may use; null: there is none.</summary>
    public string? LoginUser { get; init; }

    public IReadOnlyList<string> Dialects => DialectNames.Read(DialectsText);

    public bool IsDji => Dialects.Contains(DialectNames.Dji, StringComparer.Ordinal);

    public static string Write(IEnumerable<string> dialects) => JsonSerializer.Serialize([.. dialects], DeviceJson.Default.StringArray);
}
