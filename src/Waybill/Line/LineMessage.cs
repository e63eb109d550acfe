using Waybill.Link;

namespace Waybill.Line;

/// <summary>One thing to be decided: what a device published, or what the platform itself wants done.</summary>
abstract class LineMessage
{
    /// <summary>Where the answer and the acknowledgement go; null for the platform's own messages.</summary>
    public Origin? Origin { get; set; }

    /// <summary>Who in the platform waits for the decision; null when nobody does.</summary>
    public TaskCompletionSource? Waiter { get; set; }

    /// <summary>Bytes this message counts for in the inbox.</summary>
    public int Weight => 256 + (Origin?.Payload.Length ?? 0);

    /// <summary>After the commit, on the line: tell whoever waits. Must not block.</summary>
    public virtual void Answer()
    {
        Origin?.Dialect.Answer(this, Origin.Connection);
        Waiter?.TrySetResult();
    }

    /// <summary>Instead of <see cref="Answer"/>, when the message alone could not be processed on a healthy database.</summary>
    public void Fail(Exception reason) => Waiter?.TrySetException(reason);
}

/// <summary>
/// Which connection the reply belongs to and by which dialect. For a publish also what is to be acknowledged (0: QoS 0) and
/// our own copy of the payload; null and empty for what the platform sends unasked.
/// </summary>
sealed record Origin(DeviceConnection Connection, IDialect Dialect, ushort? PacketId, byte[] Payload);
