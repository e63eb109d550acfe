using Waybill.Link;

namespace Waybill.Line;

/// <summary>One thing to be decided: what a device published, or what the platform itself wants done.</summary>
abstract class LineMessage
{
    /// <summary>Where the answer and the acknowledgement go; null for the platform's own messages.</summary>
    public Origin? Origin { get; set; }

    /// <summary>Who in the platform waits for the decision; null when nobody does.</summary>
    public TaskCompletionSource? Waiter { get; set; }

    /// <summary>False: nothing of it lasts. It is answered at once and never waits for a commit.</summary>
    public virtual bool IsToDecide => true;

    /// <summary>Bytes this message counts for in the inbox.</summary>
    public int Weight => 256 + (Origin is null ? 0 : Origin.Topic.Length + Origin.Payload.Length);

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
/// Which connection the reply belongs to and by which dialect. For a publish also what is to be acknowledged (0: QoS 0, null: the broker
/// does it) and our own copies of topic and payload.
/// </summary>
sealed record Origin(DeviceConnection Connection, IDialect Dialect, ushort? PacketId, byte[] Topic, byte[] Payload)
{
    /// <summary>Of what the platform sends unasked.</summary>
    public static Origin Ours(DeviceConnection connection, IDialect dialect) => new(connection, dialect, null, [], []);

    public bool IsPublish => Topic.Length > 0;
}
