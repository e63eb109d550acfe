using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Waybill.Quotas;

/// <summary>An upload that was refused: when asked for, or when its bytes came.</summary>
sealed record UploadRefusal(string File, string Code, string Reason, long At);

/// <summary>The last refusal of each device, for who asks why, until the next start; and how many there were.</summary>
sealed class UploadRefusals : IDisposable
{
    const int MostDevices = 10_000;

    readonly ConcurrentDictionary<long, UploadRefusal> _last = [];
    readonly Meter _meter = new("Waybill.Quotas");
    readonly Counter<long> _refused;

    public UploadRefusals() => _refused = _meter.CreateCounter<long>("waybill.upload.refused", "{upload}", "Uploads refused by the rules, when asked for or when their bytes came");

    public UploadRefusal? LastOf(long deviceId) => _last.GetValueOrDefault(deviceId);

    /// <param name="deviceId">Whose upload.</param>
    /// <param name="refusal">Its code is one of a closed set.</param>
    public void Note(long deviceId, UploadRefusal refusal)
    {
        if (_last.Count >= MostDevices)
            _last.Clear();
        _last[deviceId] = refusal;
        _refused.Add(1, new KeyValuePair<string, object?>("reason", refusal.Code));
    }

    public void Dispose() => _meter.Dispose();
}
