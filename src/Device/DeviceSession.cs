using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;

namespace Waybill.Device;

/// <summary>A device on MQTT: CONNECT, the subscription of its down topic, what it publishes, and its end.</summary>
sealed class DeviceSession(DeviceOptions options, string upTopic) : IAsyncDisposable
{
    readonly CancellationTokenSource _end = new();
    MqttClient? _client;
    Task _watching = Task.CompletedTask;
    volatile bool _isOpen;

    public required MqttMessageHandler OnMessage { get; init; }

    /// <summary>Called when a lost connection is there again, with its subscription.</summary>
    public required Func<CancellationToken, ValueTask> OnReconnected { get; init; }

    public Task Closed => _watching;

    public async Task OpenAsync(MqttConnect connect, string downTopic, CancellationToken ct)
    {
        _client = await MqttClient.ConnectAsync(
            new()
            {
                Host = options.Host,
                Port = options.Port,
                Tls = options.Tls,
                Connect = connect,
                OnMessage = OnMessage,
                OnConnected = (_, token) => _isOpen ? OnReconnected(token) : default,
                Reconnect = options.Reconnect,
                Clock = options.Clock,
            },
            ct);
        _watching = WatchAsync(_client);
        try
        {
            await _client.SubscribeAsync(downTopic, MqttQos.AtLeastOnce, ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
        _isOpen = true;
    }

    public Task PublishAsync(ReadOnlyMemory<byte> payload, MqttQos qos, CancellationToken ct) => _client!.PublishAsync(upTopic, payload, qos, ct);

    /// <summary>Waits for an answer; null when there was none in time.</summary>
    public async Task<T?> AnswerAsync<T>(Task<T> answer, TimeSpan patience, CancellationToken ct)
        where T : class
    {
        try
        {
            return await answer.WaitAsync(patience, options.Clock, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Runs what belongs to the device and ends with it, with an <see cref="MqttException"/>.</summary>
    public async Task<T> WhileOpenAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _end.Token);
        try
        {
            return await run(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && _end.IsCancellationRequested)
        {
            throw new MqttException(MqttReasonCode.UnspecifiedError, "The device has ended.");
        }
    }

    public void Abort()
    {
        _end.Cancel();
        _client!.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _client!.DisposeAsync();
        await _watching;
    }

    async Task WatchAsync(MqttClient client)
    {
        try
        {
            await client.Closed;
        }
        finally
        {
            await _end.CancelAsync();
        }
    }
}
