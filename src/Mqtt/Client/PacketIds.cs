namespace Waybill.Mqtt.Client;

/// <summary>Packet ids of one client, over all its connections.</summary>
sealed class PacketIds
{
    readonly HashSet<ushort> _taken = [];
    ushort _last;

    public int Count
    {
        get
        {
            lock (_taken) return _taken.Count;
        }
    }

    /// <summary>Takes the next free id, counting 1 to 65535 and again.</summary>
    public ushort Take()
    {
        lock (_taken)
        {
            if (_taken.Count == ushort.MaxValue) throw new MqttException(MqttReasonCode.ReceiveMaximumExceeded, "Every packet id is in flight.");
            do _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
            while (!_taken.Add(_last));
            return _last;
        }
    }

    public void Free(ushort id)
    {
        lock (_taken) _taken.Remove(id);
    }
}
