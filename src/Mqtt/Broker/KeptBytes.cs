namespace Waybill.Mqtt.Broker;

/// <summary>Bytes of all messages kept for sessions, so that many queues together are bounded too.</summary>
sealed class KeptBytes(long maximum)
{
    long _bytes;
    long _count;

    public long Value => Volatile.Read(ref _bytes);

    public long Count => Volatile.Read(ref _count);

    public bool IsFull => Value >= maximum;

    public void Add(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Increment(ref _count);
    }

    public void Remove(int bytes, int count = 1)
    {
        Interlocked.Add(ref _bytes, -bytes);
        Interlocked.Add(ref _count, -count);
    }
}
