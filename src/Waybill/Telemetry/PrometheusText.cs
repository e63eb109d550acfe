using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Waybill.Telemetry;

/// <summary>The meters of Waybill, of the web server and of the runtime, as Prometheus text. Listens from its making on.</summary>
sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4";

    /// <summary>Of one instrument; tags come from closed sets, so more than this is a defect elsewhere.</summary>
    const int MostSeries = 1000;

    readonly MeterListener _listener = new();
    readonly ConcurrentDictionary<Instrument, MetricFamily> _families = [];
    readonly Lock _reading = new();

    public PrometheusText()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, i => new MetricFamily(i, MostSeries)));
        };
        Listen<int>(v => v);
        Listen<long>(v => v);
        Listen<double>(v => v);
        Listen<float>(v => v);
        Listen<short>(v => v);
        Listen<byte>(v => v);
        Listen<decimal>(v => (double)v);
        _listener.Start();
    }

    public string Write()
    {
        var text = new StringBuilder();
        lock (_reading)
        {
            _listener.RecordObservableInstruments();
            foreach (var same in _families.Values.GroupBy(f => f.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
                same.First().WriteHead(text).AppendJoin("", same.Select(f => f.Samples()));
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    void Listen<T>(Func<T, double> number)
        where T : struct => _listener.SetMeasurementEventCallback<T>((_, value, tags, family) => ((MetricFamily)family!).Record(number(value), tags));

    static bool IsOurs(string meter) =>
        meter.StartsWith("Waybill", StringComparison.Ordinal) || meter is "Microsoft.AspNetCore.Server.Kestrel" or "System.Runtime";

    /// <summary>A number as Prometheus reads it.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
