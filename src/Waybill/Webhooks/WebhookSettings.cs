using System.Net;

namespace Waybill.Webhooks;

/// <summary><c>Waybill:Webhooks</c>.</summary>
sealed record WebhookSettings
{
    /// <summary>How long a receiver may take for its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Before the second attempt; twice as long before each one after.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts in a row that may fail before the webhook is paused.</summary>
    public int Attempts { get; init; } = 100;

    /// <summary>Events in one delivery.</summary>
    public int Batch { get; init; } = 100;

    /// <summary>How long deliveries stay in the log.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Networks that are not public and may be sent to all the same.</summary>
    public IReadOnlyList<IPNetwork> AllowPrivate { get; init; } = [];

    /// <summary>Up to a half longer, so that webhooks that failed together do not come again together.</summary>
    public TimeSpan BackOffAfter(int failures)
    {
        var longest = Math.Min(LongestBackOff.TotalMilliseconds, BackOff.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40)));
        return TimeSpan.FromMilliseconds(longest * (1 + (Random.Shared.NextDouble() / 2)));
    }
}
