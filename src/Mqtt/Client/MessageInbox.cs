namespace Waybill.Mqtt.Client;

/// <summary>
/// Hands messages to the handler one after the other. The handler runs beside the read loop, which never waits for it, so that it can await
/// acknowledgements. QoS 0 messages are bounded here, the others by what the server sends before one is acknowledged.
/// </summary>
sealed class MessageInbox(MqttClient client, MqttClientOptions options, CancellationToken ct)
{
    readonly Queue<MqttMessage> _waiting = new();
    bool _isHandling;
    long _dropped;

    /// <summary>Messages for which there was no room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds a message, or drops one of QoS 0 for which there is no room.</summary>
    public void Add(MqttMessage message)
    {
        lock (_waiting)
        {
            if (_isHandling && message.Qos == MqttQos.AtMostOnce && _waiting.Count >= options.MaximumWaitingMessages)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _waiting.Enqueue(message);
            if (_isHandling) return;
            _isHandling = true;
        }
        // Whatever it throws ends the client
        _ = HandleAsync();
    }

    /// <summary>
    /// A new connection. QoS 1 messages of the one before cannot be acknowledged any more and come again when the server has the session;
    /// otherwise nobody counts them, and what is beyond the limit goes.
    /// </summary>
    public void Connected(bool present)
    {
        lock (_waiting)
        {
            var earlier = _waiting.ToArray();
            _waiting.Clear();
            foreach (var message in present ? earlier.Where(m => m.Qos != MqttQos.AtLeastOnce) : earlier.Take(options.MaximumWaitingMessages)) _waiting.Enqueue(message);
            if (!present) Interlocked.Add(ref _dropped, earlier.Length - _waiting.Count);
        }
    }

    async Task HandleAsync()
    {
        try
        {
            while (true)
            {
                MqttMessage? next;
                lock (_waiting)
                {
                    if (!_waiting.TryDequeue(out next))
                    {
                        _isHandling = false;
                        return;
                    }
                }
                if (options.OnMessage is not null) await options.OnMessage(client, next, ct);
                if (!options.ManualAcknowledgement) next.From!.Acknowledge(next, MqttReasonCode.Success);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
#pragma warning disable CA1031 // Whatever the handler throws ends the client and is told there
        catch (Exception e)
#pragma warning restore CA1031
        {
            client.Fail(e);
        }
    }
}
