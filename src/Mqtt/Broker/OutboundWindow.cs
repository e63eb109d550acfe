using System.Buffers;
using System.Runtime.InteropServices;
using Waybill.Mqtt.Broker.Store;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. Made with the first QoS 1 or 2 message of a session, used under its output's lock. The array of those in flight grows and stays.
// Messages that must wait for the client's receive maximum are copied, and all of a session that outlives its connection; a clean session
// that keeps up allocates nothing. Watched by BrokerBenchmark.

/// <summary>
/// QoS 1 and 2 messages to one client: those in flight, and those that wait for one of them to be acknowledged. They are numbered, and the
/// packet id follows from the number: ids count 1 to 65535 and begin again, never the lowest free one, because devices drop an id they saw lately.
/// </summary>
sealed class OutboundWindow(Func<long> clock, int maximumBytes, KeptBytes all)
{
    InFlight[] _inFlight = new InFlight[4];
    int _count;
    int _sent;
    int _sentBytes;
    long _lastNumber;
    ushort _lastId;
    Queue<KeptMessage>? _waiting;

    /// <summary>What the client has to send next.</summary>
    public enum Step : byte { PubAck, PubRec, PubComp }

    /// <summary>Messages in flight at a time.</summary>
    public int Limit { get; set; }

    public MqttVersion Version { get; set; }

    /// <summary>Where messages are written down that outlive the connection, if anywhere.</summary>
    public SessionRecord? Record { get; set; }

    public int MaximumPacketSize { get; set; } = int.MaxValue;

    /// <summary>The topic aliases of this connection, if it has any.</summary>
    public OutboundAliases? Aliases { get; set; }

    /// <summary>Whose packets they are, where they are counted and traced.</summary>
    public MqttSession? Session { get; set; }

    public int WaitingBytes { get; private set; }

    public bool IsFull => _count >= Limit || WaitingBytes > 0 || _sentBytes >= maximumBytes;

    /// <summary>Takes the next id for a message that is sent now. <paramref name="kept"/> is there to be sent again after a reconnect.</summary>
    public ushort Take(MqttQos qos, KeptMessage? kept = null)
    {
        var number = NextNumber();
        if (kept is null) return Enter(number, _lastId, qos, null);
        kept.Number = number;
        all.Add(kept.Size);
        Record?.Kept(kept, isSent: true);
        return Enter(number, _lastId, qos, kept);
    }

    /// <summary>Keeps a copy of a message until an id is free; without <paramref name="keep"/> not beyond this connection.</summary>
    public void Wait(in MqttPublish message, bool keep)
    {
        var kept = new KeptMessage(message, clock()) { Number = NextNumber(), IsOfConnection = !keep };
        Enqueue(kept);
        if (keep) Record?.Kept(kept, isSent: false);
    }

    /// <summary>
    /// Whether one more message may wait for a client that is away. If that is the rule the oldest make room, when others take it all no more of
    /// them than the new one needs. <paramref name="dropped"/> tells how many.
    /// </summary>
    public bool MakeRoom(MqttBrokerOptions options, int size, out int dropped)
    {
        dropped = 0;
        for (var freed = 0; IsFullFor(freed); dropped++)
        {
            if (options.WhenOfflineQueueIsFull == MqttDrop.Newest || _waiting is not { Count: > 0 }) return false;
            var oldest = Dequeue();
            freed += oldest.Size;
            Record?.Ended(oldest.Number);
        }
        return true;

        bool IsFullFor(int freed) =>
            (_waiting?.Count ?? 0) >= options.MaximumOfflineMessages || WaitingBytes >= maximumBytes || (all.IsFull && freed < size);
    }

    /// <summary>A message has come to its end; writes the messages that now may go. An id that does not wait for this changes nothing.</summary>
    public void Finished(ushort id, Step step, IBufferWriter<byte> output)
    {
        var at = Find(id);
        if (at < 0 || at >= _sent || _inFlight[at].Awaited != step) return;
        Remove(at);
        Pump(output);
    }

    /// <summary>PUBREC came: from now on only PUBREL is repeated [MQTT-4.3.3-5, MQTT-4.3.3-6]. False for an id that is not in flight at QoS 2.</summary>
    public bool Received(ushort id)
    {
        var at = Find(id);
        if (at < 0 || _inFlight[at].Awaited == Step.PubAck) return false;
        Forget(_inFlight[at].Message);
        Record?.Received(_inFlight[at].Number);
        _inFlight[at] = _inFlight[at] with { Awaited = Step.PubComp, Message = null };
        return true;
    }

    /// <summary>The connection is gone; what was in flight must be sent again on the next [MQTT-4.4.0-1], but for what was of this connection only.</summary>
    public void Suspend()
    {
        _sent = 0;
        Aliases = null;
        Session = null;
        var stay = 0;
        for (var at = 0; at < _count; at++)
            if (_inFlight[at] is { Message: not null } or { Awaited: Step.PubComp }) _inFlight[stay++] = _inFlight[at];
        _inFlight.AsSpan(stay, _count - stay).Clear();
        _count = stay;
        for (var left = _waiting?.Count ?? 0; left > 0; left--)
        {
            var next = Dequeue();
            if (!next.IsOfConnection) Enqueue(next);
        }
    }

    /// <summary>Lets go of everything at the session's end.</summary>
    public void Clear()
    {
        while (_waiting is { Count: > 0 }) Dequeue();
        while (_count > 0)
        {
            Forget(_inFlight[_count - 1].Message);
            _inFlight[--_count] = default;
        }
        _sent = 0;
    }

    /// <summary>Puts back a message that a store kept, in the order of the numbers: one that was sent is repeated, one that was not waits.</summary>
    public void Restore(KeptMessage kept, bool wasSent)
    {
        Pass(kept.Number);
        if (!wasSent)
        {
            Enqueue(kept);
            return;
        }
        Enter(kept.Number, IdOf(kept.Number), kept.Qos, kept);
        _sent = 0;
        all.Add(kept.Size);
    }

    /// <summary>Puts back a message of which only the PUBREL is to be repeated.</summary>
    public void Restore(long number)
    {
        Enter(number, IdOf(number), MqttQos.ExactlyOnce, null);
        _inFlight[_count - 1] = _inFlight[_count - 1] with { Awaited = Step.PubComp };
        _sent = 0;
        Pass(number);
    }

    /// <summary>Writes what may go: first what was in flight on an earlier connection, in its order [MQTT-4.6.0-1], then what waits.</summary>
    public void Pump(IBufferWriter<byte> output)
    {
        while (_sent < _count && _sent < Limit) Repeat(output);
        while (_count < Limit && _sentBytes < maximumBytes && _waiting is { Count: > 0 })
        {
            var next = Dequeue();
            var now = clock();
            if (next.IsExpired(now) || IsTooLarge(next.ToPublish(now)))
            {
                Record?.Ended(next.Number);
                continue;
            }
            var kept = next.IsOfConnection ? null : next;
            if (kept is not null)
            {
                all.Add(kept.Size);
                Record?.Sent(kept.Number);
            }
            Write(next.ToPublish(now, Enter(next.Number, IdOf(next.Number), next.Qos, kept)), output);
        }
    }

    void Repeat(IBufferWriter<byte> output)
    {
        var (_, id, awaited, message) = _inFlight[_sent++];
        if (awaited == Step.PubComp)
        {
            new MqttAck { Type = MqttPacketType.PubRel, PacketId = id }.Write(output, Version);
            if (Session?.Trace is not null) Session.Tell(MqttPacketType.PubRel, id, MqttReasonCode.Success, isWritten: true);
            return;
        }
        var publish = message!.ToPublish(clock(), id, dup: true);
        if (IsTooLarge(publish)) Remove(_sent - 1); // as if it had been sent and acknowledged [MQTT-3.1.2-25]
        else Write(publish, output);
    }

    void Write(in MqttPublish publish, IBufferWriter<byte> output)
    {
        if (Session is { } session)
        {
            session.Traffic.PacketsOut++;
            session.Traffic.PublishesOut++;
            if (session.Trace is not null) session.Tell(publish, isWritten: true);
        }
        if (Aliases is null) publish.Write(output, Version);
        else Aliases.Write(publish, output, MaximumPacketSize);
    }

    bool IsTooLarge(in MqttPublish publish) => MaximumPacketSize < int.MaxValue && publish.Size(Version) > MaximumPacketSize;

    ushort Enter(long number, ushort id, MqttQos qos, KeptMessage? kept)
    {
        if (_count == _inFlight.Length) Array.Resize(ref _inFlight, _count * 2);
        _inFlight[_count++] = new(number, id, qos == MqttQos.ExactlyOnce ? Step.PubRec : Step.PubAck, kept);
        _sent++;
        _sentBytes += kept?.Size ?? 0;
        return id;
    }

    void Enqueue(KeptMessage kept)
    {
        (_waiting ??= new()).Enqueue(kept);
        WaitingBytes += kept.Size;
        all.Add(kept.Size);
    }

    KeptMessage Dequeue()
    {
        var next = _waiting!.Dequeue();
        WaitingBytes -= next.Size;
        all.Remove(next.Size);
        return next;
    }

    void Forget(KeptMessage? message)
    {
        if (message is null) return;
        _sentBytes -= message.Size;
        all.Remove(message.Size);
    }

    void Remove(int at)
    {
        Forget(_inFlight[at].Message);
        Record?.Ended(_inFlight[at].Number);
        _inFlight.AsSpan(at + 1, _count - at - 1).CopyTo(_inFlight.AsSpan(at));
        _inFlight[--_count] = default;
        _sent--;
    }

    long NextNumber()
    {
        do
        {
            _lastNumber++;
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        }
        while (Find(_lastId) >= 0);
        return _lastNumber;
    }

    /// <summary>A number that was given out before the broker's restart.</summary>
    void Pass(long number)
    {
        if (number <= _lastNumber) return;
        _lastNumber = number;
        _lastId = IdOf(number);
    }

    static ushort IdOf(long number) => (ushort)((number - 1) % ushort.MaxValue + 1);

    int Find(ushort id)
    {
        var inFlight = _inFlight.AsSpan(0, _count);
        for (var at = 0; at < inFlight.Length; at++)
            if (inFlight[at].Id == id) return at;
        return -1;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct InFlight(long Number, ushort Id, Step Awaited, KeptMessage? Message);
}
