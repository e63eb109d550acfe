using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>QoS 2 messages from the server between PUBLISH and PUBREL, over all connections of the session: none is handled twice [MQTT-4.3.3-10].</summary>
sealed class Inbound
{
    readonly Lock _change = new();
    readonly InboundIds _ids = new();
    ClientConnection? _connection;
    int _session;

    public void Connected(ClientConnection connection, bool present)
    {
        lock (_change)
        {
            _connection = connection;
            if (present) return;
            _ids.Clear();
            _session++;
        }
    }

    /// <summary>Enters a message; null when it is a repetition, which is answered if it was handled.</summary>
    public int? Begin(ClientConnection connection, ushort id)
    {
        lock (_change)
        {
            switch (_ids.StageOf(id))
            {
                case InboundIds.Stage.Received: connection.Answer(MqttPacketType.PubRec, id, MqttReasonCode.Success); return null;
                case InboundIds.Stage.Pending: return null;
            }
            _ids.Begin(id);
            return _session;
        }
    }

    /// <summary>The message was handled; PUBREC goes to whatever connection the session has now.</summary>
    public void Handled(ushort id, int session, MqttReasonCode reason)
    {
        lock (_change)
        {
            if (session != _session || _ids.StageOf(id) != InboundIds.Stage.Pending) return;
            if ((byte)reason >= 0x80) _ids.Forget(id);
            else _ids.Receive(id);
            _connection?.Answer(MqttPacketType.PubRec, id, reason);
        }
    }

    /// <summary>PUBREL.</summary>
    public void Released(ClientConnection connection, ushort id)
    {
        lock (_change)
        {
            var known = _ids.StageOf(id) != InboundIds.Stage.None;
            _ids.Forget(id);
            connection.Answer(MqttPacketType.PubComp, id, known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound);
        }
    }
}
