namespace Waybill.Mqtt.Client;

/// <summary>
/// Hands messages to the handler one after the other. The handler runs beside the read loop, so that it can await acknowledgements.
/// </summary>
sealed class MessageInbox(MqttClient client, MqttClientOptions options, CancellationToken ct)
{
    readonly Queue<MqttMessage> _waiting = new();
    Task _handling = Task.CompletedTask;
    bool _isHandling;

    /// <summary>Adds a message; the task completes when there is room for more.</summary>
    public Task AddAsync(MqttMessage message)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(message);
            if (_isHandling) return _waiting.Count >= options.MaximumWaitingMessages ? _handling : Task.CompletedTask;
            _isHandling = true;
        }
        // A quick handler holds up nobody, a slow one only when the inbox is full
        var handling = HandleAsync();
        if (!handling.IsCompleted)
            lock (_waiting) _handling = handling;
        return Task.CompletedTask;
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
