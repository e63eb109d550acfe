using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Waybill.Telemetry;

/// <summary>One instrument and its series, one for each set of tags.</summary>
sealed class MetricFamily(Instrument instrument, int mostSeries)
{
    static readonly double[] s_seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    readonly ConcurrentDictionary<string, Series> _series = [];
    readonly Kind _kind = KindOf(instrument);

    enum Kind
    {
        Gauge,
        Counter,
        UpDown,
        ObservedCounter,
        Histogram,
    }

    public string Name { get; } = NameOf(instrument, KindOf(instrument));

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Labels(tags);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count >= mostSeries)
                return;
            series = _series.GetOrAdd(labels, _ => new Series());
        }
        lock (series)
        {
            if (_kind == Kind.Histogram)
                series.Observe(value);
            else
                series.Value = _kind is Kind.Gauge or Kind.ObservedCounter ? value : series.Value + value;
        }
    }

    public StringBuilder WriteHead(StringBuilder text)
    {
        if (instrument.Description is { Length: > 0 } description)
            text.Append("# HELP ").Append(Name).Append(' ').Append(Escaped(description)).Append('\n');
        var type = _kind switch { Kind.Histogram => "histogram", Kind.Counter or Kind.ObservedCounter => "counter", _ => "gauge" };
        return text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
    }

    public string Samples()
    {
        var text = new StringBuilder();
        foreach (var (labels, series) in _series)
        {
            lock (series)
            {
                if (_kind == Kind.Histogram)
                    series.Write(text, Name, labels);
                else
                    Sample(text, Name, labels, series.Value);
            }
        }
        return text.ToString();
    }

    static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(PrometheusText.Number(value)).Append('\n');
    }

    static Kind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        return type == typeof(Histogram<>) ? Kind.Histogram
            : type == typeof(Counter<>) ? Kind.Counter
            : type == typeof(UpDownCounter<>) ? Kind.UpDown
            : type == typeof(ObservableCounter<>) ? Kind.ObservedCounter
            : Kind.Gauge;
    }

    static string NameOf(Instrument instrument, Kind kind)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal))
            name += unit;
        return kind is Kind.Counter or Kind.ObservedCounter ? name + "_total" : name;
    }

    static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            var escaped = Escaped($"{value}").Replace("\"", "\\\"", StringComparison.Ordinal);
            text.Append(text.Length == 0 ? "" : ",").Append(key.Replace('.', '_')).Append("=\"").Append(escaped).Append('"');
        }
        return text.ToString();
    }

    sealed class Series
    {
        long[]? _buckets;
        double _sum;
        long _count;

        public double Value { get; set; }

        public void Observe(double value)
        {
            _buckets ??= new long[s_seconds.Length];
            for (var i = s_seconds.Length - 1; i >= 0 && value <= s_seconds[i]; i--)
                _buckets[i]++;
            _sum += value;
            _count++;
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            var comma = labels.Length == 0 ? "" : ",";
            for (var i = 0; i < s_seconds.Length; i++)
                Sample(text, name + "_bucket", $"{labels}{comma}le=\"{PrometheusText.Number(s_seconds[i])}\"", _buckets?[i] ?? 0);
            Sample(text, name + "_bucket", $"{labels}{comma}le=\"+Inf\"", _count);
            Sample(text, name + "_sum", labels, _sum);
            Sample(text, name + "_count", labels, _count);
        }
    }
}
