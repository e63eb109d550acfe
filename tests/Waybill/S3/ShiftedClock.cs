namespace Waybill.Tests.S3;

/// <summary>The time of day, and what a test adds to it.</summary>
sealed class ShiftedClock : TimeProvider
{
    TimeSpan shift;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;

    public void Advance(TimeSpan time) => shift += time;
}
