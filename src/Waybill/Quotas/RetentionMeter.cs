using System.Diagnostics.Metrics;

namespace Waybill.Quotas;

/// <summary>What was kept long enough and is gone.</summary>
sealed class RetentionMeter : IDisposable
{
    readonly Meter _meter = new("Waybill.Retention");
    readonly Counter<long> _uploads;
    readonly Counter<long> _bytes;
    readonly Counter<long> _rows;

    public RetentionMeter()
    {
        _uploads = _meter.CreateCounter<long>("waybill.retention.uploads", "{upload}", "Uploads whose bytes retention removed");
        _bytes = _meter.CreateCounter<long>("waybill.retention.bytes", "By", "Bytes of these uploads");
        _rows = _meter.CreateCounter<long>("waybill.retention.rows", "{row}", "Records that retention removed");
    }

    public void Removed(long bytes)
    {
        _uploads.Add(1);
        _bytes.Add(bytes);
    }

    /// <param name="table">Of a closed set.</param>
    /// <param name="rows">How many.</param>
    public void Pruned(string table, int rows) => _rows.Add(rows, new KeyValuePair<string, object?>("table", table));

    public void Dispose() => _meter.Dispose();
}
