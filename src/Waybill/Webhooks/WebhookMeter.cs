using System.Diagnostics.Metrics;

namespace Waybill.Webhooks;

/// <summary>Attempts to deliver, and how long receivers take.</summary>
sealed class WebhookMeter : IDisposable
{
    readonly Meter _meter = new("Waybill.Webhooks");
    readonly Histogram<double> _duration;

    public WebhookMeter() => _duration = _meter.CreateHistogram<double>("waybill.webhook.duration", "s", "Attempts to deliver to webhooks");

    public void Attempted(TimeSpan duration, bool taken) =>
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", taken ? "taken" : "failed"));

    public void Dispose() => _meter.Dispose();
}
