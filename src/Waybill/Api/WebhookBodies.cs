using System.Globalization;
using System.Text.Json.Serialization;
using Waybill.Webhooks;

namespace Waybill.Api;

/// <summary>Absent filters let everything through; without a secret one is made, or stays; without <c>paused</c> it stays as it is.</summary>
sealed record WebhookBody(string? Url, string? Product, string? Device, string[]? Types, string? Secret, bool? Paused) : IRequestBody
{
    const int LongestUrl = 1000;

    public Uri? Target => Url is { Length: <= LongestUrl } && Uri.TryCreate(Url, UriKind.Absolute, out var url) ? url : null;

    public WebhookChange Change => new(Target!, Secret, Paused)
    {
        Product = Given(Product),
        Device = Given(Device),
        States = Types is { Length: > 0 } ? EventTypes.States(Types) : null,
    };

    public void Check(Mistakes mistakes) => mistakes
        .Need("url", Target is { Scheme: "http" or "https", UserInfo: "", Fragment: "" }, $"an http or https URL of at most {LongestUrl} characters without user or fragment")
        .May("product", Product, IsName, "a product's name")
        .May("device", Device, IsName, "a device's name")
        .May("types", Types, EventTypes.AreAll, $"a list of {EventTypes.All}")
        .May("secret", Secret, s => s.Length is >= 16 and <= 200 && s.All(c => c is > ' ' and <= '~'), "16 to 200 printable ASCII characters without spaces");

    static bool IsName(string name) => name.Length <= 128 && !name.Any(char.IsControl);

    static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Where to go on from: an event's id, or a cursor of the feed.</summary>
sealed record ReplayBody(string? After) : IRequestBody
{
    public long Cursor => long.Parse(After!, NumberStyles.None, CultureInfo.InvariantCulture);

    public void Check(Mistakes mistakes) =>
        mistakes.Need("after", long.TryParse(After, NumberStyles.None, CultureInfo.InvariantCulture, out _), "a cursor of the feed, as text");
}

sealed record WebhookAnswer(string Name, string Url, string? Product, string? Device, IReadOnlyList<string>? Types, bool Paused)
{
    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    public required string? PausedReason { get; init; }

    /// <summary>Behind what was taken.</summary>
    public required string Cursor { get; init; }

    /// <summary>Attempts that failed since the last that did not.</summary>
    public required int Failures { get; init; }

    public required string? LastError { get; init; }
    public required DateTime? NextAttemptAt { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }

    public static WebhookAnswer Of(Webhook w) =>
        new(w.Name, w.Url, w.Product, w.Device, w.StateNumbers is { } states ? [.. states.Select(EventTypes.Of)] : null, w.PausedAt is not null)
        {
            PausedReason = w.PausedReason,
            Cursor = w.Position.ToString(CultureInfo.InvariantCulture),
            Failures = w.Failures,
            LastError = w.LastError,
            NextAttemptAt = Times.Utc(w.RetryAt),
            CreatedAt = Times.Utc(w.CreatedAt),
            UpdatedAt = Times.Utc(w.UpdatedAt),
        };
}

/// <summary>An attempt: which events, and what became of it. Without events it was a test.</summary>
sealed record DeliveryAnswer(DateTime At, string? From, string? To, int Events)
{
    /// <summary>From 1 for the same events; 0 is a test.</summary>
    public required int Attempt { get; init; }

    public required bool Taken { get; init; }

    /// <summary>Null when there was no answer.</summary>
    public required int? Status { get; init; }

    public required int Milliseconds { get; init; }
    public required string? Error { get; init; }

    public static DeliveryAnswer Of(WebhookDelivery d) => new(Times.Utc(d.At), Cursor(d, d.FirstEvent), Cursor(d, d.LastEvent), d.Events)
    {
        Attempt = d.Attempt,
        Taken = d.IsTaken,
        Status = d.Status,
        Milliseconds = d.Duration,
        Error = d.Error,
    };

    static string? Cursor(WebhookDelivery d, long id) => d.Events == 0 ? null : id.ToString(CultureInfo.InvariantCulture);
}
