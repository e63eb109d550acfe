namespace Waybill.Mqtt.Client;

/// <summary>Packet ids in flight and who waits for their acknowledgement. Guarded by the connection's output lock.</summary>
sealed class PendingReplies
{
    readonly Dictionary<ushort, TaskCompletionSource<MqttReasonCode>> _waiting = [];
    ushort _lastId;

    /// <summary>Takes the next id, counting 1 to 65535 and again.</summary>
    public (ushort Id, Task<MqttReasonCode> Reply) Take()
    {
        if (_waiting.Count == ushort.MaxValue) throw new MqttException(MqttReasonCode.ReceiveMaximumExceeded, "Every packet id is in flight.");
        do _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (_waiting.ContainsKey(_lastId));
        var reply = new TaskCompletionSource<MqttReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(_lastId, reply);
        return (_lastId, reply.Task);
    }

    /// <summary>An acknowledgement came; one for an unknown id is ignored.</summary>
    public void Complete(ushort id, MqttReasonCode reason)
    {
        if (_waiting.Remove(id, out var reply)) reply.TrySetResult(reason);
    }

    /// <summary>No acknowledgement will come any more.</summary>
    public void FailAll()
    {
        foreach (var reply in _waiting.Values) reply.TrySetException(MqttException.ConnectionLost());
        _waiting.Clear();
    }
}
