namespace Waybill.Mqtt.Broker;

/// <summary>Bytes of all messages kept for sessions, so that many queues together are bounded too.</summary>
sealed class KeptBytes(long maximum)
{
    long _bytes;

    public long Value => Volatile.Read(ref _bytes);

    public bool IsFull => Value >= maximum;

    public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
