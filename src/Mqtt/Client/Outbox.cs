using System.Text;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>
/// The client's own QoS 1 and 2 messages until they are acknowledged: those in flight in their order, at most the server's receive maximum,
/// and those that wait. When the session stays they outlive the connection and are sent again [MQTT-4.4.0-1]. Its lock is taken before a connection's.
/// </summary>
sealed class Outbox(PacketIds ids, bool stays, int maximumWaiting)
{
    readonly Lock _change = new();
    readonly List<Outgoing> _inFlight = [];
    readonly Queue<Outgoing> _waiting = new();
    ClientConnection? _connection;
    int _sent;
    int _quota;
    bool _isFinished;

    enum Step { PubAck, PubRec, PubComp }

    /// <summary>Sends a message now or when there is room; the task ends with its acknowledgement.</summary>
    public Task<MqttReasonCode> Add(MqttMessage message, CancellationToken ct)
    {
        var outgoing = new Outgoing(message);
        lock (_change)
        {
            if (_isFinished || (_connection is null && !stays)) throw MqttException.ConnectionLost();
            if (_waiting.Count >= maximumWaiting) throw new MqttException(MqttReasonCode.QuotaExceeded, "Too many messages wait to be sent.");
            _waiting.Enqueue(outgoing);
            Pump();
        }
        return ct.CanBeCanceled ? outgoing.WaitAsync(ct) : outgoing.Reply.Task;
    }

    /// <summary>A connection is open. Without the session of before, what the server had received is done and the rest begins anew.</summary>
    public void Connected(ClientConnection connection, int quota, bool present)
    {
        lock (_change)
        {
            (_connection, _quota, _sent) = (connection, quota, 0);
            foreach (var outgoing in present ? [] : _inFlight.ToArray())
            {
                if (outgoing.Awaited == Step.PubComp) Finish(outgoing, MqttReasonCode.Success);
                outgoing.IsRepeated = false;
            }
            Pump();
        }
    }

    public void Lost(ClientConnection connection)
    {
        lock (_change)
        {
            if (_connection != connection) return;
            _connection = null;
            if (!stays) FailAll();
        }
    }

    /// <summary>Nothing will be sent any more.</summary>
    public void Close()
    {
        lock (_change)
        {
            _isFinished = true;
            FailAll();
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP; what does not belong here is ignored, but a PUBREC is always answered [MQTT-4.3.3-4].</summary>
    public void Acknowledged(ClientConnection connection, in MqttAck ack)
    {
        lock (_change)
        {
            if (_connection != connection) return;
            var id = ack.PacketId;
            var outgoing = _inFlight.Take(_sent).FirstOrDefault(o => o.Id == id);
            if (ack.Type == MqttPacketType.PubRec && (byte)ack.Reason < 0x80)
            {
                var known = outgoing is { Awaited: not Step.PubAck };
                if (known) outgoing!.Awaited = Step.PubComp;
                connection.Release(id, known ? MqttReasonCode.Success : MqttReasonCode.PacketIdentifierNotFound);
                return;
            }
            var step = ack.Type switch { MqttPacketType.PubAck => Step.PubAck, MqttPacketType.PubRec => Step.PubRec, _ => Step.PubComp };
            if (outgoing is null || outgoing.Awaited != step) return;
            _sent--;
            // An id unknown by then was released before [MQTT-4.3.3-7]
            Finish(outgoing, step == Step.PubComp ? MqttReasonCode.Success : ack.Reason);
            Pump();
        }
    }

    void Pump()
    {
        if (_connection is not { } connection) return;
        while (_sent < _inFlight.Count && _sent < _quota)
        {
            var next = _inFlight[_sent++];
            if (next.Awaited == Step.PubComp) connection.Release(next.Id, MqttReasonCode.Success);
            else connection.Send(next.Message, next.Topic, next.Id, next.IsRepeated);
            next.IsRepeated = true;
        }
        while (_inFlight.Count < _quota && _waiting.TryDequeue(out var next))
        {
            if (next.Reply.Task.IsCompleted) continue;
            if (connection.IsTooLarge(next.Message, next.Topic))
            {
                next.Reply.TrySetException(new MqttException(MqttReasonCode.PacketTooLarge, "The message is larger than the server takes."));
                continue;
            }
            next.Id = ids.Take();
            next.Awaited = next.Message.Qos == MqttQos.ExactlyOnce ? Step.PubRec : Step.PubAck;
            _inFlight.Add(next);
            _sent++;
            connection.Send(next.Message, next.Topic, next.Id, false);
            next.IsRepeated = true;
        }
    }

    void Finish(Outgoing outgoing, MqttReasonCode reason)
    {
        _inFlight.Remove(outgoing);
        ids.Free(outgoing.Id);
        outgoing.Reply.TrySetResult(reason);
    }

    void FailAll()
    {
        foreach (var outgoing in _inFlight)
        {
            ids.Free(outgoing.Id);
            outgoing.Reply.TrySetException(MqttException.ConnectionLost());
        }
        foreach (var outgoing in _waiting) outgoing.Reply.TrySetException(MqttException.ConnectionLost());
        _inFlight.Clear();
        _waiting.Clear();
        _sent = 0;
    }

    sealed class Outgoing(MqttMessage message)
    {
        public MqttMessage Message => message;

        public byte[] Topic { get; } = Encoding.UTF8.GetBytes(message.Topic);

        public TaskCompletionSource<MqttReasonCode> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ushort Id { get; set; }

        public Step Awaited { get; set; }

        /// <summary>Whether the next sending is a repetition [MQTT-3.3.1-1].</summary>
        public bool IsRepeated { get; set; }

        /// <summary>A message that waits is not sent any more when its caller has gone; one in flight goes on.</summary>
        public async Task<MqttReasonCode> WaitAsync(CancellationToken ct)
        {
            try
            {
                return await Reply.Task.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                if (Id == 0) Reply.TrySetCanceled(ct);
                throw;
            }
        }
    }
}
