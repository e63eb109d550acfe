using Waybill.Transfers;

namespace Waybill.Quotas;

/// <summary>An upload that was asked for: still open, or within the last hour.</summary>
readonly record struct RecordedAsk(long Id, long AskedAt, long Size, bool IsOpen);

/// <summary>
/// What a device has uploaded, as it was loaded and as the messages of a batch change it: uploads whose bytes are kept, and
/// those it asked for, which count as long as they are open.
/// </summary>
sealed class DeviceUploads(long deviceId)
{
    const long Hour = 3_600_000;

    readonly Dictionary<long, RecordedAsk> _asked = [];
    readonly List<RecordedAsk> _fresh = [];
    long _files;
    long _bytes;

    public long DeviceId => deviceId;

    /// <summary>Asked for in this batch: to be saved.</summary>
    public IReadOnlyList<RecordedAsk> Fresh => _fresh;

    public void LoadedKept(long files, long bytes) => (_files, _bytes) = (_files + files, _bytes + bytes);

    public void LoadedAsk(RecordedAsk ask) => _asked[ask.Id] = ask;

    /// <param name="now">The hour ends here.</param>
    /// <param name="except">The upload that is judged, or gives way to it.</param>
    public UploadUsage At(long now, long? except)
    {
        var (files, bytes, lastHour) = (_files, _bytes, 0L);
        foreach (var ask in _asked.Values)
        {
            if (ask.AskedAt > now - Hour)
                lastHour++;
            if (!ask.IsOpen || ask.Id == except)
                continue;
            files++;
            bytes += Math.Max(0, ask.Size);
        }
        return new(files, bytes, lastHour);
    }

    /// <summary>Asks that no rule counts any more.</summary>
    public IEnumerable<long> Settled(long now) => _asked.Values.Where(a => !a.IsOpen && a.AskedAt <= now - Hour).Select(a => a.Id);

    public void Opened(Transfer upload)
    {
        var ask = new RecordedAsk(upload.Id, upload.CreatedAt, upload.Size, IsOpen: true);
        _asked[upload.Id] = ask;
        _fresh.Add(ask);
    }

    public void Changed(Transfer before, Transfer after)
    {
        if (_asked.TryGetValue(after.Id, out var ask))
            _asked[after.Id] = ask with { IsOpen = after.IsOpen, Size = after.Size };
        Keep(before, -1);
        Keep(after, 1);
    }

    void Keep(Transfer upload, int times)
    {
        if (!upload.IsKept)
            return;
        _files += times;
        _bytes += times * upload.Size;
    }
}
