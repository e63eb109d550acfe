using System.Text.Json;

namespace Waybill.Devices;

/// <summary>A program on the API's side. A row of <c>api_keys</c>.</summary>
sealed record ApiKey
{
    public const string Columns =
        "id, name, role as roleWord, products as productsText, content, hash, previous_hash as previousHash, previous_until as previousUntil, "
        + "disabled_at as disabledAt, used_at as usedAt, tencent_secret as tencentSecretText, created_at as createdAt, updated_at as updatedAt";

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string RoleWord { get; init; } = "";
    public string? ProductsText { get; init; }

    /// <summary>1: may read the bytes of what belongs to devices, whatever the role.</summary>
    public int Content { get; init; }

    public byte[] Hash { get; init; } = [];
    public byte[]? PreviousHash { get; init; }
    public long? PreviousUntil { get; init; }
    public long? DisabledAt { get; init; }
    public long? UsedAt { get; init; }

    /// <summary>Sealed; see <see cref="TencentSecrets"/>.</summary>
    public string? TencentSecretText { get; init; }

    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public Role Role => Roles.Find(RoleWord)!.Value;

    public IReadOnlyList<string>? Products => ProductsText is null ? null : JsonSerializer.Deserialize(ProductsText, DeviceJson.Default.StringArray);

    public Caller Caller => new($"The key {Name}", Id, Role.Allowed() | (Content == 1 ? Actions.ContentRead : Actions.None), new(Products, null));

    public static string? Write(IReadOnlyList<string>? products) => products is null ? null : JsonSerializer.Serialize([.. products], DeviceJson.Default.StringArray);

    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && name is not "." and not "..";
}

/// <summary>What a key may be given. <see cref="Products"/> null: all of them.</summary>
sealed record ApiKeyGrant(Role Role, IReadOnlyList<string>? Products, bool Content);

/// <summary>What may be changed of a key; null keeps what is.</summary>
sealed record ApiKeyChange(Role? Role, IReadOnlyList<string>? Products, bool? Content, bool? Disabled);
