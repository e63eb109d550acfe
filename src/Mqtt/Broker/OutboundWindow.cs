using System.Buffers;
using System.Buffers.Binary;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. Made with the first QoS 1 message of a session, used under its output's lock. The array of ids in flight grows and stays; messages
// that must wait for the client's receive maximum are copied, which is the only allocation. Watched by BrokerBenchmark.

/// <summary>QoS 1 messages to one client: packet ids, those in flight, and those that wait for one of them to be acknowledged.</summary>
sealed class OutboundWindow(int limit)
{
    ushort[] _inFlight = new ushort[4];
    int _count;
    ushort _lastId;
    Queue<(byte[] Packet, int IdAt)>? _waiting;

    public int WaitingBytes { get; private set; }

    public bool IsFull => _count >= limit || WaitingBytes > 0;

    /// <summary>Takes the next id. Ids count 1 to 65535 and begin again, never the lowest free one: devices drop an id they saw lately.</summary>
    public ushort Take()
    {
        do _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (_inFlight.AsSpan(0, _count).Contains(_lastId));
        if (_count == _inFlight.Length) Array.Resize(ref _inFlight, _count * 2);
        _inFlight[_count++] = _lastId;
        return _lastId;
    }

    /// <summary>Keeps a copy of a message until an id is free.</summary>
    public void Wait(in MqttPublish message, MqttVersion version)
    {
        var packet = new ArrayBufferWriter<byte>(message.Size(version));
        message.Write(packet, version);
        var head = packet.WrittenCount - message.Payload.Length - MqttWriter.PropertiesLength(version, message.Properties);
        (_waiting ??= new()).Enqueue((packet.WrittenSpan.ToArray(), head - 2));
        WaitingBytes += packet.WrittenCount;
    }

    /// <summary>An id was acknowledged; writes the messages that now may go. An id that is not in flight changes nothing.</summary>
    public void Acknowledged(ushort id, IBufferWriter<byte> output)
    {
        var at = _inFlight.AsSpan(0, _count).IndexOf(id);
        if (at < 0) return;
        _inFlight.AsSpan(at + 1, _count - at - 1).CopyTo(_inFlight.AsSpan(at));
        _count--;
        while (_count < limit && _waiting is not null && _waiting.TryDequeue(out var next))
        {
            WaitingBytes -= next.Packet.Length;
            BinaryPrimitives.WriteUInt16BigEndian(next.Packet.AsSpan(next.IdAt), Take());
            output.Write(next.Packet);
        }
    }
}
