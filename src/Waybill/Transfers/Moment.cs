using Waybill.Data;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>What deciding needs from outside, fixed for the batch: so deciding is pure.</summary>
sealed record Moment(long Now, long FirstId, TransferSettings Settings)
{
    /// <summary>What devices may upload.</summary>
    public UploadRuleSet Rules { get; init; } = UploadRuleSet.Empty;

    int _taken;

    public long FreshId() => FirstId + _taken++;

    public long After(TimeSpan time) => Now + (long)time.TotalMilliseconds;
}

sealed class Moments(Ids ids, TransferSettings settings, UploadRuleBook rules, TimeProvider clock)
{
    /// <summary>For a batch of so many messages, each of which opens a transfer or changes what a device holds at most once.</summary>
    public async ValueTask<Moment> NextAsync(int messages, CancellationToken ct)
    {
        var first = await ids.TakeAsync(messages, ct);
        return new(clock.GetUtcNow().ToUnixTimeMilliseconds(), first, settings) { Rules = rules.Current };
    }
}
