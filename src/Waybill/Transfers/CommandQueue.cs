using Waybill.Line;
using Waybill.Link;

namespace Waybill.Transfers;

/// <summary>
/// Offers devices what waits for them: when they begin to listen, when their last download ended, when something new was
/// ordered, when a back-off is over. The offer is a message on the line like any other.
/// </summary>
sealed class CommandQueue(Inbox inbox, DeviceConnections connections)
{
    public bool IsListening(long deviceId) => connections.Find(deviceId) is { Listening.Count: > 0 };

    /// <summary>Something may be waiting for this device.</summary>
    public void Wake(long deviceId)
    {
        if (connections.Find(deviceId) is { } connection)
            Offer(connection, again: null);
    }

    /// <summary>The device has its handlers in place: what is outstanding is offered again, it may have been lost.</summary>
    public void Listening(DeviceConnection connection, IDialect dialect, bool mayOffer)
    {
        if (connection.Listen(dialect) && mayOffer)
            Offer(connection, again: dialect);
    }

    /// <summary>The device said what it holds, and knows nothing of what it was told before: all begins anew.</summary>
    public void Reported(DeviceConnection connection, IDialect dialect)
    {
        if (connection.Listen(dialect))
            dialect.Listening(connection);
        Offer(connection, again: dialect);
    }

    /// <summary>Each kind of command goes by the first dialect that has it and in which the device listens.</summary>
    void Offer(DeviceConnection connection, IDialect? again)
    {
        var taken = Commands.None;
        foreach (var dialect in connection.Listening)
        {
            var commands = dialect.Commands & ~taken;
            taken |= commands;
            if (commands != Commands.None)
                inbox.PostFollowing(new CommandOffer(connection.Device.Id, commands, again == dialect) { Origin = Origin.Ours(connection, dialect) });
        }
    }
}
