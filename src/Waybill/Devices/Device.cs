namespace Waybill.Devices;

/// <summary>A row of <c>devices</c>, without its secrets.</summary>
sealed record Device
{
    public const string Columns =
        "id, product_id as productId, name, tags as tagsText, disabled_at as disabledAt, seen_at as seenAt, "
        + "previous_secret_until as previousSecretUntil, registered_at as registeredAt, registration_open_until as registrationOpenUntil, "
        + "created_at as createdAt, updated_at as updatedAt";

    public long Id { get; init; }
    public long ProductId { get; init; }
    public string Name { get; init; } = "";
    public string TagsText { get; init; } = "{}";
    public long? DisabledAt { get; init; }
    public long? SeenAt { get; init; }
    public long? PreviousSecretUntil { get; init; }
    public long? RegisteredAt { get; init; }
    public long? RegistrationOpenUntil { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
}

/// <summary>Which devices of a product a list shows; null: no matter.</summary>
sealed record DeviceFilter(string? Prefix, (string Name, string Value)? Tag, bool? Disabled, IReadOnlyList<string>? Names);
