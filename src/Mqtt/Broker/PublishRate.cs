namespace Waybill.Mqtt.Broker;

/// <summary>The pace of one client: so many publishes a second, and as many at once. Used by its read loop only.</summary>
sealed class PublishRate(int perSecond)
{
    const long Burst = 1000;

    readonly double _each = 1000.0 / perSecond;
    double _due;

    /// <summary>Milliseconds until the next publish may come; 0 when it may come now, and then it is counted.</summary>
    public int Take(long now)
    {
        var due = Math.Max(_due, now);
        if (due - now > Burst - _each) return (int)Math.Ceiling(due - now - (Burst - _each));
        _due = due + _each;
        return 0;
    }
}
