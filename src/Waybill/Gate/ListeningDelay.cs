using System.Collections.Concurrent;
using Waybill.Link;
using Waybill.Transfers;

namespace Waybill.Gate;

/// <summary>
/// A device that has subscribed is taken to listen three seconds later, if it has not published before: handlers are
/// registered only after the subscribe call returned (tencent-hub quirk H19).
/// </summary>
sealed class ListeningDelay(CommandQueue commands, TimeProvider clock, ILogger<ListeningDelay> logger)
    : PeriodicJob(TimeSpan.FromMilliseconds(250), clock, logger)
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    readonly TimeProvider _clock = clock;
    readonly ConcurrentQueue<(DeviceConnection Connection, long Begun)> _waiting = [];

    public void Begin(DeviceConnection connection)
    {
        if (!connection.Listening && connection.CommandDialect is not { WaitsForReport: true })
            _waiting.Enqueue((connection, _clock.GetTimestamp()));
    }

    /// <summary>The device has shown that it listens.</summary>
    public void Listening(DeviceConnection connection, bool mayOffer)
    {
        if (connection.CommandDialect is not { WaitsForReport: true })
            commands.Listening(connection, mayOffer);
    }

    /// <summary>The device has said what it holds: now it takes commands.</summary>
    public void Reported(DeviceConnection connection)
    {
        if (connection.CommandDialect is { WaitsForReport: true })
            commands.Reported(connection);
    }

    protected override Task RunAsync(CancellationToken ct)
    {
        while (_waiting.TryPeek(out var first) && _clock.GetElapsedTime(first.Begun) >= Quiet && _waiting.TryDequeue(out first))
        {
            if (first.Connection.IsOpen)
                commands.Listening(first.Connection, mayOffer: true);
        }
        return Task.CompletedTask;
    }
}
