using System.Collections.Concurrent;
using System.Text;
using Waybill.Line;
using Waybill.Link;
using Waybill.Mqtt;
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
    readonly ConcurrentQueue<(DeviceConnection Connection, IDialect Dialect, long Begun)> _waiting = [];

    /// <summary>The device has subscribed.</summary>
    public void Begin(DeviceConnection connection, string filter)
    {
        var subscribed = Encoding.UTF8.GetBytes(filter);
        foreach (var dialect in connection.Dialects.Where(d => !d.WaitsForReport && !connection.Listening.Contains(d)))
        {
            if (MqttTopic.Matches(subscribed, Encoding.UTF8.GetBytes(dialect.DownTopic(connection.Device))))
                _waiting.Enqueue((connection, dialect, _clock.GetTimestamp()));
        }
    }

    /// <summary>The device has spoken in the dialect: it listens, or where it first has to say what it holds, it may have done so.</summary>
    public void Spoken(DeviceConnection connection, IDialect dialect, LineMessage message)
    {
        if (!dialect.WaitsForReport)
            // what concerns the download itself says that the device knows of it; anything else shows that it is ready to be told
            commands.Listening(connection, dialect, mayOffer: message is not (DownloadAsk or TransferReport { Key.Kind: TransferKind.Download }));
        else if (dialect.IsReport(message))
            commands.Reported(connection, dialect);
    }

    protected override Task RunAsync(CancellationToken ct)
    {
        while (_waiting.TryPeek(out var first) && _clock.GetElapsedTime(first.Begun) >= Quiet && _waiting.TryDequeue(out first))
        {
            if (first.Connection.IsOpen)
                commands.Listening(first.Connection, first.Dialect, mayOffer: true);
        }
        return Task.CompletedTask;
    }
}
