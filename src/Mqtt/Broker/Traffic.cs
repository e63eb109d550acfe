namespace Waybill.Mqtt.Broker;

// Hot. One per connection. What comes in is counted by its read loop, what goes out under its output's lock; nobody else writes, so that
// counting costs no interlocked operation. Readers see values that are a moment old.

/// <summary>What a connection has moved.</summary>
sealed class Traffic
{
    public long PacketsIn, PublishesIn, BytesIn;
    public long PacketsOut, PublishesOut, BytesOut, Dropped;

    public void Add(Traffic other)
    {
        PacketsIn += other.PacketsIn;
        PublishesIn += other.PublishesIn;
        BytesIn += other.BytesIn;
        PacketsOut += other.PacketsOut;
        PublishesOut += other.PublishesOut;
        BytesOut += other.BytesOut;
        Dropped += other.Dropped;
    }
}
