namespace Waybill.Mqtt.Tests;

/// <summary>A clock that moves when the test says so.</summary>
sealed class HandClock : TimeProvider
{
    readonly List<HandTimer> _timers = [];
    long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(60).AddTicks(GetTimestamp());

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, callback, state, period) { Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : GetTimestamp() + dueTime.Ticks };
        lock (_timers) _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        for (var end = GetTimestamp() + time.Ticks; GetTimestamp() < end;)
        {
            Volatile.Write(ref _now, Math.Min(end, GetTimestamp() + TimeSpan.TicksPerSecond / 4));
            HandTimer[] due;
            lock (_timers) due = [.. _timers.Where(t => t.Due <= GetTimestamp())];
            foreach (var timer in due) timer.Fire();
        }
    }

    sealed class HandTimer(HandClock clock, TimerCallback callback, object? state, TimeSpan period) : ITimer
    {
        public long Due { get; set; }

        public void Fire()
        {
            if (period <= TimeSpan.Zero) Dispose();
            Due += period.Ticks;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (clock._timers) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
