using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>
/// A dock of the DJI Cloud API with its aircraft: comes online, lists and uploads logs, upgrades itself, asks for storage and tells of
/// media, with the spelling and the habits of one generation of firmware. All members may be used from any thread.
/// </summary>
public sealed class DjiDock : IAsyncDisposable
{
    readonly DjiLink _link;
    readonly DjiPresence _presence;
    readonly DjiOrders _orders;

    DjiDock(DjiDockOptions options)
    {
        _link = new(options) { OnReconnected = ct => _presence!.SayTopologyAsync(ct) };
        _presence = new(_link);
        _orders = new(_link, _presence);
    }

    /// <summary>How it stands. What changes is told by <see cref="SetAsync"/>.</summary>
    public DjiCondition Condition => _presence.Condition;

    /// <summary>Ends when the dock does: after <see cref="Abort"/> or disposal, or when the connection is lost and not made again.</summary>
    public Task Closed => _link.Closed;

    /// <summary>Connects and subscribes what the platform publishes for it.</summary>
    /// <exception cref="MqttException">The platform refused the credentials or a subscription.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no server, and <see cref="DjiDockOptions.Reconnect"/> is off.</exception>
    public static async Task<DjiDock> ConnectAsync(DjiDockOptions options, CancellationToken ct)
    {
        var dock = new DjiDock(options);
        try
        {
            await dock._link.OpenAsync(ct);
        }
        catch
        {
            await dock.DisposeAsync();
            throw;
        }
        return dock;
    }

    /// <summary>Asks for its licence and organization, and tells its topology and versions. A real dock disconnects where it stops.</summary>
    /// <exception cref="MqttException">The dock has ended.</exception>
    public Task<DjiArrival> ArriveAsync(CancellationToken ct) => _link.WhileOpenAsync(
        async either =>
        {
            var arrival = await new DjiArriving(_link, _presence).RunAsync(either);
            if (arrival.IsOnline)
                await _presence.TellStateAsync(either);
            return arrival;
        },
        ct);

    /// <summary>Follows the platform's commands until it is stopped; to be called once.</summary>
    /// <param name="watcher">Told how each job ended.</param>
    /// <param name="ct">Stops it; the platform is not told.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="MqttException">The dock has ended.</exception>
    public Task RunAsync(IProgress<DjiJobOutcome>? watcher, CancellationToken ct) => _link.WhileOpenAsync(
        async either =>
        {
            await _orders.RunAsync(watcher, either);
            return true;
        },
        ct);

    /// <summary>Stands otherwise from now on, and tells it: the topology when the aircraft went on or off, the versions, the rest by osd.</summary>
    /// <exception cref="MqttException">The dock has ended.</exception>
    public Task SetAsync(DjiCondition condition, CancellationToken ct) => _link.WhileOpenAsync(
        async either =>
        {
            var before = _presence.Condition;
            _presence.Condition = condition;
            if (before.AircraftIsOn != condition.AircraftIsOn)
                await _presence.TellTopologyAsync(either);
            if (before.DockState != condition.DockState || before.AircraftState != condition.AircraftState)
                await _presence.TellStateAsync(either);
            await _presence.SayOsdAsync(either);
            return true;
        },
        ct);

    /// <summary>Publishes its osd once, as real docks do every other second; on a lost connection it is lost.</summary>
    public Task SayOsdAsync(CancellationToken ct) => _presence.SayOsdAsync(ct);

    /// <summary>Asks the platform anything; null when there was no answer in time.</summary>
    /// <exception cref="MqttException">The dock has ended.</exception>
    public Task<DjiDown?> AskAsync(DjiUp question, CancellationToken ct) =>
        _link.WhileOpenAsync(either => _link.AskAsync(question, _link.NewHead(), [_link.Options.AnswerTimeout], isPatient: false, either), ct);

    /// <summary>Tells of a media file that is in the bucket, again and again until the platform has answered.</summary>
    /// <exception cref="MqttException">The dock has ended.</exception>
    public Task TellAsync(DjiMediaFile file, CancellationToken ct) => _link.WhileOpenAsync(
        either => _link.AskAsync(file, _link.NewHead() with { NeedReply = true }, _link.Options.ResendDelays, isPatient: true, either), ct);

    /// <summary>Ends the dock as a power cut does: the connection breaks, nothing is said.</summary>
    public void Abort() => _link.Abort();

    /// <summary>Breaks off what is under way and disconnects.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
