namespace Waybill.Mqtt.Client;

/// <summary>Who waits for SUBACK and UNSUBACK on one connection. Guarded by the connection's output lock.</summary>
sealed class PendingReplies(PacketIds ids)
{
    readonly Dictionary<ushort, TaskCompletionSource<MqttReasonCode>> _waiting = [];

    public (ushort Id, Task<MqttReasonCode> Reply) Take()
    {
        var reply = new TaskCompletionSource<MqttReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = ids.Take();
        _waiting.Add(id, reply);
        return (id, reply.Task);
    }

    /// <summary>An acknowledgement came; one for an unknown id is ignored.</summary>
    public void Complete(ushort id, MqttReasonCode reason)
    {
        if (!_waiting.Remove(id, out var reply)) return;
        ids.Free(id);
        reply.TrySetResult(reason);
    }

    /// <summary>No acknowledgement will come any more.</summary>
    public void FailAll()
    {
        foreach (var (id, reply) in _waiting)
        {
            ids.Free(id);
            reply.TrySetException(MqttException.ConnectionLost());
        }
        _waiting.Clear();
    }
}
