namespace Waybill.Webhooks;

/// <summary>One attempt. A row of <c>webhook_deliveries</c>; without events a test.</summary>
sealed record WebhookDelivery
{
    public const string Columns = "id, at, first_event as firstEvent, last_event as lastEvent, events, attempt, status, duration, error";

    public long Id { get; init; }
    public long At { get; init; }
    public long FirstEvent { get; init; }
    public long LastEvent { get; init; }
    public int Events { get; init; }
    public int Attempt { get; init; }

    /// <summary>Null when nothing was answered.</summary>
    public int? Status { get; init; }

    /// <summary>Milliseconds.</summary>
    public int Duration { get; init; }
    public string? Error { get; init; }

    public bool IsTaken => Error is null;
}
