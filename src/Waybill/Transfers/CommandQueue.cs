using Waybill.Line;
using Waybill.Link;

namespace Waybill.Transfers;

/// <summary>
/// Offers devices what waits for them: when they begin to listen, when their last download ended, when something new was
/// ordered, when a back-off is over. The offer is a message on the line like any other.
/// </summary>
sealed class CommandQueue(Inbox inbox, DeviceConnections connections)
{
    public bool IsListening(long deviceId) => connections.Find(deviceId) is { Listening: true };

    /// <summary>Something may be waiting for this device.</summary>
    public void Wake(long deviceId)
    {
        if (connections.Find(deviceId) is { Listening: true } connection)
            Offer(connection, again: false);
    }

    /// <summary>The device has its handlers in place: what is outstanding is offered again, it may have been lost.</summary>
    public void Listening(DeviceConnection connection, bool mayOffer)
    {
        if (connection.Listening)
            return;
        connection.Listening = true;
        if (mayOffer)
            Offer(connection, again: true);
    }

    /// <summary>The device said what it holds, and knows nothing of what it was told before: all begins anew.</summary>
    public void Reported(DeviceConnection connection)
    {
        connection.Listening = true;
        Offer(connection, again: true);
    }

    void Offer(DeviceConnection connection, bool again)
    {
        if (connection.CommandDialect is { } dialect)
            inbox.PostFollowing(new CommandOffer(connection.Device.Id, again, dialect.HasRemovals) { Origin = new Origin(connection, dialect, null, []) });
    }
}
