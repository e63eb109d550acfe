using System.Net.Sockets;
using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>A client for MQTT 3.1, 3.1.1 and 5.0 at QoS 0 and 1. All members may be used from any thread.</summary>
public sealed class MqttClient : IAsyncDisposable
{
    static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    readonly MqttClientOptions _options;
    readonly MessageInbox _inbox;
    readonly CancellationTokenSource _finish = new();
    readonly Dictionary<string, MqttSubscriptionOptions> _subscriptions = [];
    volatile ClientConnection _connection;
    volatile Exception? _failure;
    Task<MqttReasonCode> _running = Task.FromResult(MqttReasonCode.Success);

    MqttClient(MqttClientOptions options, ClientConnection connection)
    {
        (_options, _connection) = (options, connection);
        _inbox = new(this, options, _finish.Token);
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
    /// <see cref="MqttClientOptions.Reconnect"/> is set.
    /// </summary>
    public static async Task<MqttClient> ConnectAsync(MqttClientOptions options, CancellationToken ct)
    {
        var connection = await OpenAsync(options, again: false, ct);
        var client = new MqttClient(options, connection);
        client._running = client.RunAsync();
        if (options.OnConnected is not null) await options.OnConnected(client, ct);
        return client;
    }

    /// <summary>Subscribes a filter and tells the granted QoS. Throws <see cref="MqttException"/> when it is refused.</summary>
    public async Task<MqttQos> SubscribeAsync(string filter, MqttQos qos, CancellationToken ct)
    {
        CheckQos(qos);
        if (!MqttTopic.IsFilter(Encoding.UTF8.GetBytes(filter))) throw new ArgumentException("Not a topic filter.", nameof(filter));
        var options = new MqttSubscriptionOptions(qos);
        var granted = await SubscribeAsync(_connection, filter, options, ct);
        lock (_subscriptions) _subscriptions[filter] = options;
        return granted;
    }

    /// <summary>Unsubscribes a filter.</summary>
    public async Task UnsubscribeAsync(string filter, CancellationToken ct)
    {
        lock (_subscriptions) _subscriptions.Remove(filter);
        var reason = await _connection.AskAsync(
            (output, id) => MqttUnsubscribe.Write(output, _options.Connect.Version, id, [filter]), ct);
        Check(reason, filter);
    }

    /// <summary>Publishes. QoS 0 ends when the network took it, QoS 1 when the server acknowledged it.</summary>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttQos qos, CancellationToken ct) =>
        PublishAsync(new(topic, payload) { Qos = qos }, ct);

    /// <summary>Publishes a message with its flags and properties.</summary>
    public async Task PublishAsync(MqttMessage message, CancellationToken ct)
    {
        CheckQos(message.Qos);
        if (!MqttTopic.IsName(Encoding.UTF8.GetBytes(message.Topic))) throw new ArgumentException("Not a topic name.", nameof(message));
        Check(await _connection.PublishAsync(message, ct), message.Topic);
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
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        _finish.Dispose();
    }

    internal void Fail(Exception failure)
    {
        _failure = failure;
        Abort();
    }

    async Task<MqttReasonCode> RunAsync()
    {
        for (var again = false; ; again = true)
        {
            var reading = _connection.RunAsync(_inbox);
            if (again) await ResumeAsync(_connection);
            var reason = await reading;
            if (_failure is not null) throw new InvalidOperationException("The application's part of the MQTT client failed.", _failure);
            if (_finish.IsCancellationRequested || !_options.Reconnect) return reason;
            try
            {
                _connection = await OpenAsync(_options, again: true, _finish.Token);
            }
            catch (OperationCanceledException)
            {
                return reason;
            }
            // Abort cancels first and looks at the connection second
            if (_finish.IsCancellationRequested) _connection.Abort();
        }
    }

    async Task ResumeAsync(ClientConnection connection)
    {
        KeyValuePair<string, MqttSubscriptionOptions>[] earlier;
        lock (_subscriptions) earlier = [.. _subscriptions];
        try
        {
            foreach (var (filter, options) in earlier) await SubscribeAsync(connection, filter, options, _finish.Token);
            if (_options.OnConnected is not null) await _options.OnConnected(this, _finish.Token);
        }
        catch (Exception e) when (e is MqttException or OperationCanceledException)
        {
            // Lost again, or a subscription is refused by now: the one is noticed by the reader, the other leaves the rest in place
        }
#pragma warning disable CA1031 // Whatever the application throws ends the client and is told there
        catch (Exception e)
#pragma warning restore CA1031
        {
            Fail(e);
        }
    }

    static async Task<ClientConnection> OpenAsync(MqttClientOptions options, bool again, CancellationToken ct)
    {
        for (var wait = FirstWait; ; wait = wait < LongestWait / 2 ? wait * 2 : LongestWait)
        {
            if (again) await Task.Delay(wait, options.Clock, ct);
            try
            {
                return await ClientConnection.OpenAsync(options, ct);
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

    async Task<MqttQos> SubscribeAsync(ClientConnection connection, string filter, MqttSubscriptionOptions options, CancellationToken ct)
    {
        var reason = await connection.AskAsync(
            (output, id) => MqttSubscribe.Write(output, _options.Connect.Version, id, [(filter, options)]), ct);
        Check(reason, filter);
        return (MqttQos)reason;
    }

    static void Check(MqttReasonCode reason, string topic)
    {
        if ((byte)reason >= 0x80) throw new MqttException(reason, $"The server refused '{topic}': {reason}.");
    }

    static void CheckQos(MqttQos qos) => ArgumentOutOfRangeException.ThrowIfGreaterThan((int)qos, (int)MqttQos.AtLeastOnce, nameof(qos));
}
