namespace Waybill.Events;

/// <summary><c>Waybill:Events</c>.</summary>
sealed record EventSettings
{
    /// <summary>How long events are kept.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often a listener hears something when nothing happens.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Events that may wait for one listener; a slower one is ended and goes on by its cursor.</summary>
    public int Buffer { get; init; } = 1024;

    /// <summary>Streams that may be open at this node.</summary>
    public int Listeners { get; init; } = 10_000;
}
