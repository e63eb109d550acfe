using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>A dock on MQTT: its connections, one after the other, what it publishes, what was asked and is not answered yet.</summary>
sealed class DjiLink(DjiDockOptions options) : IAsyncDisposable
{
    const int KeepAliveSeconds = 60;

    readonly ConcurrentDictionary<string, TaskCompletionSource<DjiDown>> _asked = new(StringComparer.Ordinal);
    readonly Channel<DjiTold> _told = Channel.CreateBounded<DjiTold>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly CancellationTokenSource _end = new();
    readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    MqttClient? _client;
    Task _watching = Task.CompletedTask;
    volatile bool _isOpen;

    public DjiDockOptions Options => options;

    /// <summary>Commands, in the order they came; of those that nobody takes the newest.</summary>
    public ChannelReader<DjiTold> Told => _told.Reader;

    public Task Closed => _closed.Task;

    /// <summary>Called when a lost connection is there again, with its subscriptions.</summary>
    public required Func<CancellationToken, Task> OnReconnected { get; init; }

    /// <summary>What the platform publishes for a dock.</summary>
    IEnumerable<string> Topics =>
        new[] { DjiTopicKind.Services, DjiTopicKind.RequestsReply, DjiTopicKind.EventsReply, DjiTopicKind.StateReply, DjiTopicKind.StatusReply, DjiTopicKind.PropertySet }
            .Select(kind => DjiTopics.Of(kind, options.DockSn));

    public async Task OpenAsync(CancellationToken ct)
    {
        _client = await MqttClient.ConnectAsync(
            new()
            {
                Host = options.Host,
                Port = options.Port,
                Tls = options.Tls,
                Connect = new()
                {
                    Version = options.Profile.Mqtt,
                    ClientId = options.DockSn,
                    UserName = options.User ?? options.DockSn,
                    Password = Encoding.UTF8.GetBytes(options.Password),
                    KeepAliveSeconds = KeepAliveSeconds,
                },
                OnMessage = OnMessageAsync,
                OnConnected = async (_, token) =>
                {
                    if (_isOpen)
                        await OnReconnected(token);
                },
                Reconnect = options.Reconnect,
                Clock = options.Clock,
            },
            ct);
        _watching = WatchAsync(_client);
        foreach (var topic in Topics)
            await _client.SubscribeAsync(topic, MqttQos.AtLeastOnce, ct);
        await HearAircraftAsync(ct);
        _isOpen = true;
    }

    /// <summary>What the platform answers to the aircraft: the dock's to hear when the platform knows who stands behind it, refused until then.</summary>
    public async Task HearAircraftAsync(CancellationToken ct)
    {
        try
        {
            foreach (var kind in (DjiTopicKind[])[DjiTopicKind.EventsReply, DjiTopicKind.StateReply])
                await _client!.SubscribeAsync(DjiTopics.Of(kind, options.AircraftSn), MqttQos.AtLeastOnce, ct);
        }
        catch (MqttException)
        {
            // Nothing comes there that a job waits for
        }
    }

    /// <summary>Goes away as in a restart, without a word, and comes back.</summary>
    public async Task RestartAsync(CancellationToken ct)
    {
        _isOpen = false;
        _client!.Abort();
        await _watching;
        await _client.DisposeAsync();
        await Task.Delay(options.RestartTime, options.Clock, ct);
        await OpenAsync(ct);
    }

    public async Task PublishAsync(string sn, DjiTopicKind kind, DjiHead head, DjiUp message, CancellationToken ct)
    {
        var payload = new ArrayBufferWriter<byte>(DjiUpWriter.MaxPlain);
        if (!DjiUpWriter.TryWrite(payload, head, message, options.Profile.Spelling))
            throw new ArgumentException("The message is too long or not Unicode.", nameof(message));
        var qos = kind == DjiTopicKind.Osd ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce;
        await _client!.PublishAsync(DjiTopics.Of(kind, sn), payload.WrittenMemory, qos, ct);
    }

    /// <summary>The same for what the platform may miss: on a lost connection it is lost.</summary>
    public async Task SayAsync(DjiHead head, DjiUp message, CancellationToken ct)
    {
        try
        {
            await PublishAsync(options.DockSn, DjiUpWriter.Topic(message), head, message, ct);
        }
        catch (MqttException)
        {
            // What a job has become is told by its next report, or by the object in the bucket
        }
    }

    public DjiHead NewHead(string? bid = null) =>
        new(Guid.NewGuid().ToString(), bid ?? Guid.NewGuid().ToString(), null, options.DockSn, options.Clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Asks and waits, and asks again with the same ids as often as there are waits but the last; null when nobody answered.</summary>
    /// <param name="message">What to ask.</param>
    /// <param name="head">Its ids.</param>
    /// <param name="waits">For an answer, one after the other; without end when <paramref name="isPatient"/>.</param>
    /// <param name="isPatient">Goes on with the last wait.</param>
    /// <param name="ct">Gives it up.</param>
    public async Task<DjiDown?> AskAsync(DjiUp message, DjiHead head, IReadOnlyList<TimeSpan> waits, bool isPatient, CancellationToken ct)
    {
        var answer = _asked.GetOrAdd(head.Tid!, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            for (var i = 0; isPatient || i < waits.Count; i++)
            {
                await SayAsync(head with { Timestamp = options.Clock.GetUtcNow().ToUnixTimeMilliseconds() }, message, ct);
                if (await IsDoneAsync(answer.Task, waits[Math.Min(i, waits.Count - 1)], ct))
                    return await answer.Task;
            }
            return null;
        }
        finally
        {
            _asked.TryRemove(head.Tid!, out _);
        }
    }

    /// <summary>Waits for work, and says at each interval how far it is.</summary>
    public async Task TellWhileAsync(Task work, Func<Task> say, CancellationToken ct)
    {
        try
        {
            while (await Task.WhenAny(work, Task.Delay(options.ReportInterval, options.Clock, ct)) != work)
                await say();
        }
        finally
        {
            // What is broken off may still be using what the caller takes away next
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await work;
    }

    /// <summary>Runs what belongs to the dock and ends with it, with an <see cref="MqttException"/>.</summary>
    public async Task<T> WhileOpenAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _end.Token);
        try
        {
            return await run(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && _end.IsCancellationRequested)
        {
            throw new MqttException(MqttReasonCode.UnspecifiedError, "The dock has ended.");
        }
    }

    public void Abort()
    {
        _end.Cancel();
        _client?.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_client is not null)
            await _client.DisposeAsync();
        await _watching;
        _closed.TrySetResult();
    }

    async Task<bool> IsDoneAsync(Task answer, TimeSpan wait, CancellationToken ct)
    {
        try
        {
            await answer.WaitAsync(wait, options.Clock, ct);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    ValueTask OnMessageAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        if (!DjiTopics.TryParse(Encoding.UTF8.GetBytes(message.Topic), out var kind, out _)
            || !DjiDownReader.TryRead(kind, message.Payload.Span, out var envelope, out var said, out _))
            return default;
        if (said is DjiCommand command)
            _told.Writer.TryWrite(new(envelope, command));
        else if (envelope.Tid is { } tid && _asked.TryGetValue(tid, out var asked))
            asked.TrySetResult(said);
        return default;
    }

    async Task WatchAsync(MqttClient client)
    {
        try
        {
            await client.Closed;
        }
        finally
        {
            // A restart closes the connection, not the dock
            if (_isOpen || _end.IsCancellationRequested)
            {
                await _end.CancelAsync();
                _closed.TrySetResult();
            }
        }
    }
}

/// <summary>A command as it came.</summary>
sealed record DjiTold(DjiEnvelope Envelope, DjiCommand Command);
