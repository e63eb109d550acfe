using System.Net;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

// Hot. One per connection, and most connections are idle: fields only, nothing made before it is needed. The lock is the output's and
// guards the state, the held window and everything written. Topics and payloads are the caller's and are copied once, into the transport's
// pipe. Watched by BrokerBenchmark and the idle-connection measurement.

/// <summary>One client's connection from CONNECT to its end. All members may be used from any thread.</summary>
public sealed partial class MqttSession
{
    readonly MqttBroker _broker;
    readonly ConnectionContext _connection;
    readonly PacketOutput _output;
    readonly Traffic _traffic = new();
    volatile State _state;
    bool _marked;
    ushort _receiveMaximum = ushort.MaxValue;
    OutboundWindow? _window;
    TaskCompletionSource? _ended;

    internal MqttSession(MqttBroker broker, ConnectionContext connection, long? acceptedAt = null)
    {
        _broker = broker;
        _connection = connection;
        _output = new(connection.Transport.Output);
        _heardAt = acceptedAt ?? broker.Now;
    }

    enum State : byte { Connecting, Open, Closing, Ended, Offline }

    /// <summary>Client id, the assigned one when the client sent none.</summary>
    public string ClientId { get; internal set; } = "";

    /// <summary>Protocol version.</summary>
    public MqttVersion Version { get; internal set; }

    /// <summary>The application's own identity of this client.</summary>
    public object? Tag { get; set; }

    /// <summary>Address the client reached.</summary>
    public EndPoint? LocalEndPoint => _connection.LocalEndPoint;

    /// <summary>Address of the client.</summary>
    public EndPoint? RemoteEndPoint => _connection.RemoteEndPoint;

    /// <summary>Why the application refuses this client, in words for CONNACK of 5.0.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether messages can be delivered.</summary>
    public bool IsOpen => _state == State.Open;

    /// <summary>The transport, for its features (TLS, addresses).</summary>
    public ConnectionContext Connection => _connection;

    internal MqttReasonCode EndReason { get; private set; } = MqttReasonCode.UnspecifiedError;

    /// <summary>
    /// Sends a message to this connection only, at the QoS with which it subscribed a matching filter. Nothing is flushed. False when it
    /// did not subscribe, is closed, or the message is too large for it or was dropped. A session that stays forgets it with the connection.
    /// </summary>
    public bool Deliver(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload)
    {
        if (SubscribedQos(topic) is not { } qos) return false;
        lock (_output)
            return _state == State.Open && SendLocked(new() { Topic = topic, Payload = payload, Qos = qos }, keep: false) != Sent.Not;
    }

    /// <summary>Hands everything written so far to the connection. Never blocks; while an earlier flush is pending it takes this along.</summary>
    public void Flush()
    {
        lock (_output)
        {
            _marked = false;
            if (!IsHeldBack()) _output.Flush();
        }
    }

    /// <summary>The highest QoS with which the session subscribed a filter that matches, or null.</summary>
    public MqttQos? SubscribedQos(ReadOnlySpan<byte> topic)
    {
        MqttQos? best = null;
        foreach (ref readonly var subscription in _subscriptions.AsSpan())
            if ((best is null || subscription.Options.Qos > best) && MqttTopic.Matches(subscription.Filter, topic))
                best = subscription.Options.Qos;
        return best;
    }

    /// <inheritdoc cref="SubscribedQos(ReadOnlySpan{byte})"/>
    public MqttQos? SubscribedQos(string topic) => SubscribedQos(Encoding.UTF8.GetBytes(topic));

    /// <summary>Ends the session from this side; in 5.0 the client is told the reason, and why in words. What <see cref="MqttApplication.Disconnected"/> does comes later.</summary>
    public void Disconnect(MqttReasonCode reason, string? why = null)
    {
        lock (_output)
        {
            if (_state is not (State.Connecting or State.Open)) return;
            if (_state == State.Open && Version == MqttVersion.V50)
            {
                new MqttDisconnect { Type = MqttPacketType.Disconnect, Reason = reason, Properties = ReasonText.Of(why ?? ReasonText.Of(reason), MaximumPacketSize) }.Write(_output, Version);
                if (_trace is not null) Tell(MqttPacketType.Disconnect, 0, reason, isWritten: true);
            }
            StartClosing(reason);
        }
        Flush();
        StopReading();
    }

    /// <summary>Sends a message as a subscription asks for it: at the lower QoS, with its RETAIN flag or without, with these properties.</summary>
    internal Sent Send(in MqttPublish message, MqttProperties properties, in MqttSubscriptionOptions options)
    {
        MqttSession? successor;
        lock (_output)
        {
            successor = _continuity?.Successor;
            if (successor is null)
            {
                return SendLocked(new()
                {
                    Topic = message.Topic,
                    Payload = message.Payload,
                    Qos = message.Qos < options.Qos ? message.Qos : options.Qos,
                    Retain = message.Retain && options.RetainAsPublished,
                    Properties = properties,
                }, keep: true);
            }
        }
        // Nobody has this session's heir on the list of those to be flushed
        var sent = successor.Send(message, properties, options);
        if (sent == Sent.Unmarked) successor.Flush();
        return sent == Sent.Not ? Sent.Not : Sent.Marked;
    }

    Sent SendLocked(in MqttPublish copy, bool keep)
    {
        if (_state != State.Open) return Persists || _state == State.Connecting ? KeepLocked(copy) : Sent.Not;
        // [MQTT-3.1.2-24]: what is too large for the client is dropped
        if (MaximumPacketSize < int.MaxValue && copy.Size(Version) > MaximumPacketSize) return Dropped();
        if (copy.Qos == MqttQos.AtMostOnce && !HasRoom(null)) return Dropped();
        // A session that ends for it but stays keeps it
        if (copy.Qos > MqttQos.AtMostOnce && !HasRoom(MqttReasonCode.QuotaExceeded)) return keep && Persists ? KeepLocked(copy) : Dropped();
        WriteLocked(copy, keep);
        if (_marked) return Sent.Marked;
        _marked = true;
        return Sent.Unmarked;
    }

    Sent Dropped()
    {
        _traffic.Dropped++;
        return Sent.Not;
    }

    void WriteLocked(in MqttPublish message, bool keep)
    {
        if (message.Qos == MqttQos.AtMostOnce)
        {
            Write(message);
            return;
        }
        _window ??= NewWindow();
        if (_window.IsFull)
        {
            _window.Wait(message, keep);
            return;
        }
        Write(new()
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Qos = message.Qos,
            Retain = message.Retain,
            Properties = message.Properties,
            PacketId = _window.Take(message.Qos, keep && Persists ? new(message, _broker.Now) : null),
        });
    }

    void Write(in MqttPublish publish)
    {
        _traffic.PacketsOut++;
        _traffic.PublishesOut++;
        if (_trace is not null) Tell(publish, isWritten: true);
        if (_aliasesOut is null) publish.Write(_output, Version);
        else _aliasesOut.Write(publish, _output, MaximumPacketSize);
    }

    bool HasRoom(MqttReasonCode? endWith)
    {
        if (_output.QueuedBytes + (_window?.WaitingBytes ?? 0) < _broker.Options.MaximumQueuedBytes) return true;
        if (endWith is { } reason)
        {
            StartClosing(reason);
            StopReading();
        }
        return false;
    }

    /// <summary>On another thread: what reads may end the session there and then, and whoever calls this has locks or is in the middle of a message.</summary>
    void StopReading() =>
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Transport.Input.CancelPendingRead(), _connection, preferLocal: false);

    void StartClosing(MqttReasonCode reason)
    {
        _state = State.Closing;
        EndReason = reason;
        // The clock of its last moments
        Heard();
        _gate?.Open();
    }

    /// <summary>What became of a message; "marked" means that somebody already promised to flush this session.</summary>
    internal enum Sent : byte { Not, Marked, Unmarked }
}
