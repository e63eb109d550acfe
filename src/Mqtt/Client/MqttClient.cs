using System.Net.Sockets;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>A client for MQTT 3.1, 3.1.1 and 5.0. All members may be used from any thread.</summary>
public sealed class MqttClient : IAsyncDisposable
{
    static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    readonly MqttClientOptions _options;
    readonly ClientState _state;
    readonly MessageInbox _inbox;
    // Never disposed: a handler may still fail when the client is, and it has neither timer nor wait handle
    readonly CancellationTokenSource _finish = new();
    readonly Dictionary<string, Subscription> _subscriptions = [];
    volatile ClientConnection _connection;
    volatile Exception? _failure;
    volatile bool _isResubscribed = true;
    Task<MqttReasonCode> _running = Task.FromResult(MqttReasonCode.Success);

    MqttClient(ClientState state, ClientConnection connection)
    {
        (_options, _state, _connection) = (state.Options, state, connection);
        _inbox = new(this, _options, _finish.Token);
    }

    /// <summary>Client id, the server's choice when it assigned one.</summary>
    public string ClientId => _connection.ClientId;

    /// <summary>
    /// Ends when the client is finished: after <see cref="DisconnectAsync"/> or <see cref="Abort"/>, or when the connection is lost and
    /// is not to be made again. The result is the server's reason, or <see cref="MqttReasonCode.UnspecifiedError"/> when the connection broke.
    /// </summary>
    public Task<MqttReasonCode> Closed => _running;

    /// <summary>
    /// Connects. Throws <see cref="MqttException"/> when the server refuses, and what the network throws unless
    /// <see cref="MqttClientOptions.Reconnect"/> is set; what <see cref="MqttClientOptions.OnConnected"/> throws too, and there is no client then.
    /// </summary>
    public static async Task<MqttClient> ConnectAsync(MqttClientOptions options, CancellationToken ct)
    {
        var state = new ClientState(options);
        var connection = await OpenAsync(state, again: false, ct);
        var client = new MqttClient(state, connection);
        client._running = client.RunAsync();
        try
        {
            if (options.OnConnected is not null) await options.OnConnected(client, ct);
            return client;
        }
        catch
        {
            await client.DisconnectAsync();
            throw;
        }
    }

    /// <summary>Subscribes a filter and tells the granted QoS. Throws <see cref="MqttException"/> when it is refused.</summary>
    public Task<MqttQos> SubscribeAsync(string filter, MqttQos qos, CancellationToken ct) => SubscribeAsync(filter, new MqttSubscriptionOptions(qos), ct);

    /// <summary>Subscribes with the options of 5.0, of which older versions have the QoS only, and an identifier from 1 on, 0 for none.</summary>
    public async Task<MqttQos> SubscribeAsync(string filter, MqttSubscriptionOptions options, CancellationToken ct, int identifier = 0)
    {
        if (!MqttTopic.IsFilter(Encoding.UTF8.GetBytes(filter))) throw new ArgumentException("Not a topic filter.", nameof(filter));
        var subscription = new Subscription(options, identifier);
        var reason = await AskAsync(_connection, filter, subscription, ct);
        Check(reason, filter);
        lock (_subscriptions) _subscriptions[filter] = subscription;
        return (MqttQos)reason;
    }

    /// <summary>Unsubscribes a filter.</summary>
    public async Task UnsubscribeAsync(string filter, CancellationToken ct)
    {
        lock (_subscriptions) _subscriptions.Remove(filter);
        var reason = await _connection.AskAsync(
            (output, id) => MqttUnsubscribe.Write(output, _options.Connect.Version, id, [filter]), ct);
        Check(reason, filter);
    }

    /// <summary>Publishes. QoS 0 ends when the network took it, QoS 1 and 2 when the server has it for good.</summary>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQos qos, CancellationToken ct) =>
        PublishAsync(new(topic, payload) { Qos = qos }, ct);

    /// <summary>Publishes a message with its flags and properties.</summary>
    public async Task PublishAsync(MqttMessage message, CancellationToken ct)
    {
        if (!MqttTopic.IsName(Encoding.UTF8.GetBytes(message.Topic))) throw new ArgumentException("Not a topic name.", nameof(message));
        _connection.Check(message);
        if (message.Qos == MqttQos.AtMostOnce) await _connection.PublishAsync(message, ct);
        else Check(await _state.Outbox.Add(message, ct), message.Topic);
    }

    /// <summary>
    /// Sends a request and waits for its response (4.10, 5.0 only). The response topic is the server's Response Information, or
    /// <c>responses/{client id}</c>, and is subscribed with the first request; what answers no request goes to the handler.
    /// </summary>
    public async Task<MqttMessage> RequestAsync(MqttMessage request, CancellationToken ct)
    {
        if (_options.Connect.Version != MqttVersion.V50) throw new NotSupportedException("Requests and responses came with MQTT 5.0.");
        var answers = _connection.ResponseInformation ?? $"responses/{ClientId}";
        bool isThere;
        lock (_subscriptions) isThere = _subscriptions.ContainsKey(answers);
        if (!isThere) await SubscribeAsync(answers, MqttQos.AtLeastOnce, ct);
        var (correlation, response) = _state.Requests.Begin();
        try
        {
            var properties = new MqttPropertyBuffer().Add(request.Properties)
                .Add(MqttPropertyId.ResponseTopic, answers).Add(MqttPropertyId.CorrelationData, correlation);
            await PublishAsync(request with { PropertyBytes = properties.Properties.Bytes.ToArray() }, ct);
            return await response.WaitAsync(ct);
        }
        finally
        {
            _state.Requests.End(correlation);
        }
    }

    /// <summary>Answers a request: to its response topic, with its correlation data.</summary>
    public Task RespondAsync(MqttMessage request, ReadOnlyMemory<byte> payload, MqttQos qos, CancellationToken ct)
    {
        if (request.ResponseTopic is not { } topic) throw new ArgumentException("The message asks for no response.", nameof(request));
        var properties = new MqttPropertyBuffer();
        if (request.Properties.TryGet(MqttPropertyId.CorrelationData, out var data)) properties.Add(MqttPropertyId.CorrelationData, data.Bytes);
        return PublishAsync(new(topic, payload) { Qos = qos, PropertyBytes = properties.Properties.Bytes.ToArray() }, ct);
    }

    /// <summary>Says DISCONNECT, so that no will is published, and finishes the client.</summary>
    public async Task DisconnectAsync()
    {
        await _finish.CancelAsync();
        var connection = _connection;
        connection.SayGoodbye();
        try
        {
            await _running.WaitAsync(GoodbyeTime);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // The server does not close, or the handler failed, which Closed tells
        }
        connection.Dispose();
    }

    /// <summary>Breaks the connection without a word, as a power cut does, and finishes the client.</summary>
    public void Abort()
    {
        _finish.Cancel();
        _connection.Abort();
    }

    /// <summary>Disconnects.</summary>
    public ValueTask DisposeAsync() => new(DisconnectAsync());

    /// <summary>
    /// Messages that came and did not reach the handler, because <see cref="MqttClientOptions.MaximumWaitingMessages"/> waited for it: of QoS 0,
    /// or of a session that the server has forgotten.
    /// </summary>
    public long DroppedMessages => _inbox.Dropped;

    internal int PacketIdsInUse => _state.Ids.Count;

    internal void Fail(Exception failure)
    {
        _failure = failure;
        Abort();
    }

    async Task<MqttReasonCode> RunAsync()
    {
        try
        {
            var reason = await RunUntilFinishedAsync();
            return _failure is null ? reason : throw new InvalidOperationException("The application's part of the MQTT client failed.", _failure);
        }
        finally
        {
            _state.Outbox.Close();
            _state.Requests.FailAll();
        }
    }

    async Task<MqttReasonCode> RunUntilFinishedAsync()
    {
        var resuming = Task.CompletedTask;
        for (var again = false; ; again = true)
        {
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(_finish.Token);
            var reading = _connection.RunAsync(_inbox);
            if (again) resuming = ResumeAsync(_connection, resuming, lost.Token);
            var reason = await reading;
            await lost.CancelAsync();
            _state.BackOff.Lost();
            if (_finish.IsCancellationRequested || !_options.Reconnect) return reason;
            try
            {
                _connection = await OpenAsync(_state, again: true, _finish.Token);
            }
            catch (OperationCanceledException)
            {
                return reason;
            }
            _inbox.Connected(_state.IsPresent);
            // Abort cancels first and looks at the connection second
            if (_finish.IsCancellationRequested) _connection.Abort();
        }
    }

    /// <summary>Subscribes again and calls the application, once it is done with the connection before.</summary>
    async Task ResumeAsync(ClientConnection connection, Task earlier, CancellationToken ct)
    {
        try
        {
            await ResubscribeAsync(connection, ct);
            await earlier;
            ct.ThrowIfCancellationRequested();
            if (_options.OnConnected is not null) await _options.OnConnected(this, ct);
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException)
        {
            // Lost again, which is noticed by the reader, or the server refused what the application asked for
        }
#pragma warning disable CA1031 // Whatever the application throws ends the client and is told there
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    async Task ResubscribeAsync(ClientConnection connection, CancellationToken ct)
    {
        // 3.1 does not tell whether the session is there
        if (_state.IsPresent && _isResubscribed && _options.Connect.Version != MqttVersion.V31) return;
        _isResubscribed = false;
        KeyValuePair<string, Subscription>[] all;
        lock (_subscriptions) all = [.. _subscriptions];
        // One that is refused by now leaves the others in place
        foreach (var (filter, subscription) in all) await AskAsync(connection, filter, subscription, ct);
        _isResubscribed = true;
    }

    static async Task<ClientConnection> OpenAsync(ClientState state, bool again, CancellationToken ct)
    {
        var options = state.Options;
        while (true)
        {
            if (again) await Task.Delay(state.BackOff.Next(), options.Clock, ct);
            try
            {
                var connection = await ClientConnection.OpenAsync(state, ct);
                state.BackOff.Connected();
                return connection;
            }
            catch (Exception e) when (again || (options.Reconnect && IsOfTheNetwork(e)))
            {
                ct.ThrowIfCancellationRequested();
                again = true;
            }
        }
    }

    static bool IsOfTheNetwork(Exception e) =>
        e is SocketException or IOException or TimeoutException or MqttException { Reason: MqttReasonCode.UnspecifiedError };

    Task<MqttReasonCode> AskAsync(ClientConnection connection, string filter, Subscription asked, CancellationToken ct)
    {
        var properties = asked.Identifier == 0 ? new() : new MqttPropertyBuffer().Add(MqttPropertyId.SubscriptionIdentifier, (uint)asked.Identifier);
        return connection.AskAsync(
            (output, id) => MqttSubscribe.Write(output, _options.Connect.Version, id, [(filter, asked.Options)], properties.Properties), ct);
    }

    static void Check(MqttReasonCode reason, string topic)
    {
        if ((byte)reason >= 0x80) throw new MqttException(reason, $"The server refused '{topic}': {reason}.");
    }

    sealed record Subscription(MqttSubscriptionOptions Options, int Identifier);
}
