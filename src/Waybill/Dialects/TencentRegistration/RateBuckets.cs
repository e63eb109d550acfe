namespace Waybill.Dialects.TencentRegistration;

/// <summary>One leaking bucket for each key: as many as the burst at once, then so many a second. Keys beyond the table's size empty it.</summary>
sealed class RateBuckets<TKey>(double burst, double perSecond, TimeProvider clock)
    where TKey : notnull
{
    const int MostKeys = 50_000;

    readonly Lock _gate = new();
    readonly Dictionary<TKey, (double Level, long At)> _buckets = [];

    /// <summary>False when the bucket is full: not now.</summary>
    public bool TryAdd(TKey key)
    {
        lock (_gate)
        {
            var bucket = Now(key);
            if (bucket.Level + 1 > burst)
                return false;
            // whoever has this many addresses needs no second burst for each
            if (_buckets.Count >= MostKeys)
                _buckets.Clear();
            _buckets[key] = (bucket.Level + 1, bucket.At);
            return true;
        }
    }

    public bool IsFull(TKey key)
    {
        lock (_gate)
            return Now(key).Level + 1 > burst;
    }

    public bool IsEmpty(TKey key)
    {
        lock (_gate)
            return Now(key).Level <= 0;
    }

    (double Level, long At) Now(TKey key)
    {
        var at = clock.GetTimestamp();
        if (!_buckets.TryGetValue(key, out var bucket))
            return (0, at);
        var leaked = clock.GetElapsedTime(bucket.At, at).TotalSeconds * perSecond;
        return (Math.Max(0, bucket.Level - leaked), at);
    }
}
