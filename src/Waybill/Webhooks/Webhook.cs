using System.Globalization;
using Waybill.Events;

namespace Waybill.Webhooks;

/// <summary>Where events are sent, and how far that has come. A row of <c>webhooks</c>; times are Unix milliseconds.</summary>
sealed record Webhook
{
    public const string Columns =
        "id, name, url, secret, product, device, states, position, failures, retry_at as retryAt, last_error as lastError, "
        + "paused_at as pausedAt, paused_reason as pausedReason, version, created_at as createdAt, updated_at as updatedAt";

    public const string NameRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - and .";

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string Url { get; init; } = "";

    /// <summary>What deliveries are signed with. Never answered again.</summary>
    public string Secret { get; init; } = "";
    public string? Product { get; init; }
    public string? Device { get; init; }

    /// <summary>Numbers with commas between them; null: all.</summary>
    public string? States { get; init; }

    /// <summary>The cursor behind what was taken.</summary>
    public long Position { get; init; }

    /// <summary>Attempts that failed since the last one that did not.</summary>
    public int Failures { get; init; }
    public long? RetryAt { get; init; }
    public string? LastError { get; init; }
    public long? PausedAt { get; init; }
    public string? PausedReason { get; init; }

    /// <summary>Counts what people changed.</summary>
    public long Version { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    public IReadOnlySet<short>? StateNumbers => States?.Split(',').Select(s => short.Parse(s, CultureInfo.InvariantCulture)).ToHashSet();

    public EventFilter Filter => new(Product is null ? null : [Product], Device is null ? null : [Device], StateNumbers);

    public static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    public override string ToString() => Name;
}

/// <summary>What people say of a webhook; without a secret it keeps its own, without <c>Paused</c> it stays as it is.</summary>
sealed record WebhookChange(Uri Url, string? Secret, bool? Paused)
{
    public string? Product { get; init; }
    public string? Device { get; init; }
    public IReadOnlySet<short>? States { get; init; }
}
