using Microsoft.AspNetCore.Connections;

namespace Waybill.Mqtt.Broker;

/// <summary>A connection that has a place at the broker and has not come there: it is a feature of its own, on what is before the broker.</summary>
sealed class Arrival(ConnectionContext connection, long at)
{
    ConnectionContext? _connection = connection;

    /// <summary>When it was accepted, in the broker's milliseconds.</summary>
    public long At => at;

    /// <summary>Its place is the caller's from now on; false when somebody else has it already.</summary>
    public bool Come() => Interlocked.Exchange(ref _connection, null) is not null;

    public void Cut() => Volatile.Read(ref _connection)?.Abort();
}
