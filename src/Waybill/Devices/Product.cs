using System.Text.Json;

namespace Waybill.Devices;

/// <summary>A kind of device. A row of <c>products</c>, without its secrets.</summary>
sealed record Product
{
    public const string Columns =
        "id, name, title, dialects as dialectsText, device_url as deviceUrl, disabled_at as disabledAt, created_at as createdAt, updated_at as updatedAt, "
        + "registration_policy as policy, registration_limit as registrationLimit, registration_made as registrationMade, "
        + "registration_secret is not null as hasRegistrationSecret";

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

    public IReadOnlyList<string> Dialects => JsonSerializer.Deserialize(DialectsText, DeviceJson.Default.StringArray)!;

    public static string Write(IEnumerable<string> dialects) => JsonSerializer.Serialize([.. dialects], DeviceJson.Default.StringArray);
}
