using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// An MQTT broker for MQTT 3.1, 3.1.1 and 5.0: a connection handler for Kestrel
/// (<c>listen.Run(broker.OnConnectedAsync)</c>) that takes any other <see cref="ConnectionContext"/> as well.
/// </summary>
public sealed partial class MqttBroker : ConnectionHandler, IDisposable
{
    static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ClosingPeriod = TimeSpan.FromMilliseconds(50);
    internal static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    /// <summary>Milliseconds between looks for expired messages, which are not sent in any case.</summary>
    const long ExpiryPeriod = 60_000;

    readonly TimeProvider _clock;
    readonly ConcurrentDictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);
    readonly ConnectionList _connections = new();
    readonly ConcurrentQueue<(long Deadline, TaskCompletionSource Gone)> _lingering = new();
    readonly ITimer _sweep;
    volatile bool _stopping;
    readonly ConnectionLimits _limits;
    readonly SystemTopics _system;
    readonly Traffic _past = new();
    long _socketsOpened;
    long _clientsConnected;
    Task _ending = Task.CompletedTask;
    long _nextExpiry;

    /// <summary>Makes a broker; it does not listen by itself.</summary>
    public MqttBroker(MqttApplication application, MqttBrokerOptions? options = null, ILogger<MqttBroker>? logger = null, TimeProvider? clock = null)
    {
        Application = application;
        Options = options ?? new();
        Logger = logger ?? NullLogger<MqttBroker>.Instance;
        _clock = clock ?? TimeProvider.System;
        Clock = () => Now;
        if (Options.SessionStore is { } store) Journal = new(store, _clock, Logger);
        Retained = new(this, Options.MaximumRetainedMessages, Options.MaximumRetainedBytes, Options.MaximumRetainedPerClient);
        Told = new(this, int.MaxValue, long.MaxValue, int.MaxValue);
        Router = new(this);
        Offline = new(this);
        Kept = new(Options.MaximumOfflineBytes);
        _limits = new(Options);
        _system = new(this);
        _sweep = _clock.CreateTimer(static broker => ((MqttBroker)broker!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>Connections, those that did not yet send CONNECT included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Sessions, with a connection or waiting for their clients.</summary>
    internal int SessionCount => _sessions.Count;

    /// <summary>Connections ever accepted.</summary>
    internal long SocketsOpened => Volatile.Read(ref _socketsOpened);

    /// <summary>Sessions ever opened.</summary>
    internal long ClientsConnected => Volatile.Read(ref _clientsConnected);

    internal TimeProvider Time => _clock;

    internal MqttApplication Application { get; }

    internal MqttBrokerOptions Options { get; }

    internal ILogger Logger { get; }

    internal TopicIndex Index { get; } = new();

    internal MessageRouter Router { get; }

    internal OfflineSessions Offline { get; }

    /// <summary>What all sessions' queues hold.</summary>
    internal KeptBytes Kept { get; }

    internal RetainedMessages Retained { get; }

    /// <summary>What the broker tells of itself, beside the clients' messages and their limits.</summary>
    internal RetainedMessages Told { get; }

    /// <summary><see cref="Now"/> for those who keep it.</summary>
    internal Func<long> Clock { get; }

    /// <summary>Milliseconds of a clock that never goes back.</summary>
    internal long Now => (long)_clock.GetElapsedTime(0, _clock.GetTimestamp()).TotalMilliseconds;

    /// <inheritdoc/>
    public override Task OnConnectedAsync(ConnectionContext connection) => RunAsync(connection, lingers: true);

    Task RunAsync(ConnectionContext connection, bool lingers)
    {
        Interlocked.Increment(ref _socketsOpened);
        var arrival = lingers ? connection.Features.Get<Arrival>() : null;
        if (!_limits.TryEnter(connection.RemoteEndPoint, arrival))
        {
            LogTooMany(Logger, connection.RemoteEndPoint);
            connection.Abort();
            return Task.CompletedTask;
        }
        var session = new MqttSession(this, connection, arrival?.At);
        _connections.Add(session);
        if (_stopping) session.Cut();
        return new ReadLoop(this, session, connection, lingers).RunAsync();
    }

    /// <summary>Serves a client over a pair of pipes in this process until either side ends.</summary>
    public async Task ServeAsync(IDuplexPipe transport)
    {
        await RunAsync(new PipeConnection(transport), lingers: false);
        await transport.Input.CompleteAsync();
        await transport.Output.CompleteAsync();
    }

    /// <summary>Finds the open session of a client.</summary>
    public bool TryGetSession(string clientId, [MaybeNullWhen(false)] out MqttSession session) =>
        _sessions.TryGetValue(clientId, out session) && session.IsOpen;

    /// <summary>Whether a client has a session, with a connection or waiting for it.</summary>
    public bool HasSession(string clientId) => _sessions.ContainsKey(clientId);

    /// <summary>Ends the sessions of a user that wait for their clients, with all they kept; their wills are not published.</summary>
    public void EndWaiting(string userName)
    {
        foreach (var (_, session) in _sessions)
            if (session.IsOffline && session.Continuity!.UserName == userName) EndWaiting(session);
    }

    void EndWaiting(MqttSession session)
    {
        if (!_sessions.TryRemove(KeyValuePair.Create(session.ClientId, session))) return;
        Offline.Remove(session);
        session.Discard();
    }

    /// <summary>Sends a message to everybody who subscribed a matching filter and tells how many that were.</summary>
    public int Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain = false)
    {
        if (!MqttTopic.IsName(topic)) throw new ArgumentException("Not a topic name.", nameof(topic));
        var count = Router.Route(new() { Topic = topic, Payload = payload, Qos = qos, Retain = retain }, MqttVersion.V311, null);
        MessageRouter.FlushTouched();
        return count;
    }

    /// <inheritdoc cref="Publish(ReadOnlySpan{byte}, ReadOnlySpan{byte}, MqttQos, bool)"/>
    public int Publish(string topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain = false) =>
        Publish(Encoding.UTF8.GetBytes(topic), payload, qos, retain);

    /// <summary>Ends every session (5.0: "server shutting down") and takes no new one.</summary>
    public void Stop()
    {
        _stopping = true;
        _connections.ForEach(static (session, _) => session.Disconnect(MqttReasonCode.ServerShuttingDown), 0);
    }

    /// <summary>
    /// Takes no new session and ends so many in a second, so that their clients do not come back elsewhere all at once; the rest when
    /// <paramref name="ct"/> fires.
    /// </summary>
    public async Task StopAsync(int sessionsPerSecond, CancellationToken ct)
    {
        _stopping = true;
        var slice = Math.Max(1, (int)(sessionsPerSecond * ClosingPeriod.TotalSeconds));
        for (var left = All(); left.Count > slice && !ct.IsCancellationRequested; left.RemoveRange(0, slice))
        {
            left[..slice].ForEach(static session => session.Disconnect(MqttReasonCode.ServerShuttingDown));
            await Task.Delay(ClosingPeriod, _clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        Stop();
    }

    List<MqttSession> All()
    {
        var all = new List<MqttSession>();
        _connections.ForEach(static (session, all) => all.Add(session), all);
        return all;
    }

    /// <summary>Stops the keep-alive clock and the journal; <see cref="Stop"/> and <see cref="CommittedAsync"/> first.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        Journal?.Dispose();
    }

    /// <summary>
    /// Makes a session the one of its client id, after the one before it has ended for good. True when it goes on with a session that
    /// had stayed [MQTT-3.1.2-4, MQTT-3.1.2-5, MQTT-3.2.2-2, MQTT-3.2.2-3]; null when the one that is there is somebody else's.
    /// </summary>
    internal async ValueTask<bool?> EnterAsync(MqttSession session, MqttConnect connect)
    {
        while (!_sessions.TryAdd(session.ClientId, session))
        {
            if (!_sessions.TryGetValue(session.ClientId, out var older)) continue;
            // One that is about to end is in nobody's way for long
            var takeover = older.IsEnding ? MqttTakeover.Replace : Application.TakeOver(session, older);
            if (takeover == MqttTakeover.Refuse) return null;
            if (older.IsOffline)
            {
                if (!_sessions.TryUpdate(session.ClientId, session, older)) continue;
                Offline.Remove(older);
                if (takeover == MqttTakeover.Resume && !connect.CleanStart && older.Continuity!.UserName == connect.UserName)
                {
                    // Its will, if it still waits, is not published [MQTT-3.1.3-9]
                    session.TakeOver(older);
                    return true;
                }
                older.Discard();
                if (older.Continuity!.Will is { } will) await PublishWillAsync(older, will);
                return false;
            }
            // It waited until a moment ago: somebody else has taken it or ended it
            if (older.HadNoConnection) continue;
            older.Disconnect(MqttReasonCode.SessionTakenOver);
            await older.EndedAsync();
        }
        return false;
    }

    /// <summary>Whether a session stays when its connection has ended.</summary>
    internal bool MayStay(MqttSession session) => session.Persists && Offline.Count < Options.MaximumOfflineSessions;

    /// <summary>Lets a session wait for its client, with a will that is not yet due.</summary>
    internal void Detach(MqttSession session, MqttWill? will)
    {
        var offline = session.Detach();
        Offline.Add(offline, will);
        offline.Record();
        _sessions.TryUpdate(session.ClientId, offline, session);
    }

    internal async ValueTask PublishWillAsync(MqttSession session, MqttWill will)
    {
        var verdict = await Application.PublishAsync(session, Handshake.MessageOf(will));
        if (verdict != MqttPublishVerdict.Route) return;
        Router.Route(Handshake.MessageOf(will), session.Version, session);
        MessageRouter.FlushTouched();
    }

    /// <summary>Of sessions that have no connection, whose traffic is not counted.</summary>
    internal void CountDropped(int messages)
    {
        if (messages == 0) return;
        lock (_past) _past.Dropped += messages;
    }

    internal void CountClient() => Interlocked.Increment(ref _clientsConnected);

    /// <summary>What all connections moved since the broker began, and how many clients there are now.</summary>
    internal (Traffic Traffic, int Clients) Count()
    {
        var (all, clients) = (new Traffic(), 0);
        lock (_past) all.Add(_past);
        _connections.ForEach((session, all) =>
        {
            all.Add(session.Traffic);
            all.BytesOut += session.BytesOut;
            if (session.IsOpen) clients++;
        }, all);
        return (all, clients);
    }

    internal void Leave(MqttSession session)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.ClientId, session));
        _connections.Remove(session);
        _limits.Leave(session.RemoteEndPoint);
        lock (_past)
        {
            _past.Add(session.Traffic);
            _past.BytesOut += session.BytesOut;
        }
        session.SignalEnded();
    }

    /// <summary>Ends the wait for a peer that does not take the last packet.</summary>
    internal void GiveUpLater(TaskCompletionSource gone) => _lingering.Enqueue((Now + (long)Linger.TotalMilliseconds, gone));

    void Sweep()
    {
        var now = Now;
        if (now >= _nextExpiry)
        {
            _nextExpiry = now + ExpiryPeriod;
            Retained.Expire(now);
        }
        _connections.ForEach(static (session, now) => session.CheckSilence(now), now);
        CutLateArrivals(now);
        _system.Sweep(now);
        if (Offline.Due(now) is { } due) _ending = EndOfflineAsync(_ending, due, now);
        while (_lingering.TryPeek(out var oldest) && oldest.Deadline <= now && _lingering.TryDequeue(out oldest)) oldest.Gone.TrySetResult();
    }

    /// <summary>Publishes wills that are due and ends sessions that waited long enough [MQTT-3.1.2-23], one group after the other.</summary>
    async Task EndOfflineAsync(Task before, List<MqttSession> due, long now)
    {
        await before;
        foreach (var session in due)
        {
            var continuity = session.Continuity!;
            var ends = continuity.EndsAt <= now;
            if (ends)
            {
                if (!_sessions.TryRemove(KeyValuePair.Create(session.ClientId, session))) continue;
                Offline.Remove(session);
                session.Discard();
            }
            if (continuity.Will is not { } will || (!session.IsOffline && !ends)) continue;
            (continuity.Will, continuity.WillAt) = (null, long.MaxValue);
            try
            {
                await PublishWillAsync(session, will);
                session.Record();
            }
#pragma warning disable CA1031 // A failing application must not stop the clock for the others
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogWillFailed(Logger, session.ClientId, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "MQTT connection from {RemoteEndPoint} closed: there are too many")]
    static partial void LogTooMany(ILogger logger, System.Net.EndPoint? remoteEndPoint);

    [LoggerMessage(LogLevel.Error, "The application failed with the will of {ClientId}")]
    static partial void LogWillFailed(ILogger logger, string clientId, Exception exception);
}
