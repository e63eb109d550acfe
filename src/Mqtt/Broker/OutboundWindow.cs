using System.Buffers;
using System.Runtime.InteropServices;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. Made with the first QoS 1 or 2 message of a session, used under its output's lock. The array of ids in flight grows and stays;
// messages that must wait for the client's receive maximum are copied, which is the only allocation. Watched by BrokerBenchmark.

/// <summary>QoS 1 and 2 messages to one client: packet ids, those in flight, and those that wait for one of them to be acknowledged.</summary>
sealed class OutboundWindow(int limit, MqttVersion version, Func<long> clock)
{
    InFlight[] _inFlight = new InFlight[4];
    int _count;
    ushort _lastId;
    Queue<KeptMessage>? _waiting;

    /// <summary>What the client has to send next.</summary>
    public enum Step : byte { PubAck, PubRec, PubComp }

    public int WaitingBytes { get; private set; }

    public bool IsFull => _count >= limit || WaitingBytes > 0;

    ReadOnlySpan<InFlight> Sent => _inFlight.AsSpan(0, _count);

    /// <summary>Takes the next id. Ids count 1 to 65535 and begin again, never the lowest free one: devices drop an id they saw lately.</summary>
    public ushort Take(MqttQos qos)
    {
        do _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        while (Find(_lastId) >= 0);
        if (_count == _inFlight.Length) Array.Resize(ref _inFlight, _count * 2);
        _inFlight[_count++] = new(_lastId, qos == MqttQos.ExactlyOnce ? Step.PubRec : Step.PubAck);
        return _lastId;
    }

    /// <summary>Keeps a copy of a message until an id is free.</summary>
    public void Wait(in MqttPublish message)
    {
        var kept = new KeptMessage(message, clock());
        (_waiting ??= new()).Enqueue(kept);
        WaitingBytes += kept.Size;
    }

    /// <summary>A message has come to its end; writes the messages that now may go. An id that does not wait for this changes nothing.</summary>
    public void Finished(ushort id, Step step, IBufferWriter<byte> output)
    {
        var at = Find(id);
        if (at < 0 || _inFlight[at].Awaited != step) return;
        _inFlight.AsSpan(at + 1, _count - at - 1).CopyTo(_inFlight.AsSpan(at));
        _count--;
        while (_count < limit && _waiting is not null && _waiting.TryDequeue(out var next))
        {
            WaitingBytes -= next.Size;
            var now = clock();
            if (!next.IsExpired(now)) next.ToPublish(now, Take(next.Qos)).Write(output, version);
        }
    }

    /// <summary>PUBREC came: from now on only PUBREL is repeated [MQTT-4.3.3-5, MQTT-4.3.3-6]. False for an id that is not in flight at QoS 2.</summary>
    public bool Received(ushort id)
    {
        var at = Find(id);
        if (at < 0 || _inFlight[at].Awaited == Step.PubAck) return false;
        _inFlight[at] = new(id, Step.PubComp);
        return true;
    }

    int Find(ushort id)
    {
        var sent = Sent;
        for (var at = 0; at < sent.Length; at++)
            if (sent[at].Id == id) return at;
        return -1;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct InFlight(ushort Id, Step Awaited);
}
