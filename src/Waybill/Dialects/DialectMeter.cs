using System.Diagnostics.Metrics;

namespace Waybill.Dialects;

/// <summary>What was acknowledged without being a message.</summary>
sealed class DialectMeter : IDisposable
{
    readonly Meter _meter = new("Waybill.Dialects");
    readonly Counter<long> _nonsense;

    public DialectMeter() => _nonsense = _meter.CreateCounter<long>("waybill.dialect.nonsense", "{message}", "Messages of devices that could not be taken");

    public void Nonsense(string dialect, string kind) =>
        _nonsense.Add(1, new KeyValuePair<string, object?>("dialect", dialect), new KeyValuePair<string, object?>("kind", kind));

    public void Dispose() => _meter.Dispose();
}
