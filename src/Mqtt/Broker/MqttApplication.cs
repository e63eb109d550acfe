using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>
/// What the program behind a broker decides. As it stands everybody may connect, subscribe and publish. The calls of one session follow
/// each other; those of different sessions come at the same time.
/// </summary>
public abstract class MqttApplication
{
    /// <summary>
    /// Authenticates a client. May set <see cref="MqttSession.Tag"/>. The will in <paramref name="connect"/> is to be judged here or, when
    /// it is published, in <see cref="PublishAsync"/>. <paramref name="ct"/> fires when the connection breaks or the connect deadline passes.
    /// </summary>
    public virtual ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct) =>
        new(MqttReasonCode.Success);

    /// <summary>
    /// The client that <see cref="ConnectAsync"/> let in has the client id of a session that is there, with a connection or waiting for
    /// its client. As it stands they are the same client. A refusal may be explained in <see cref="MqttSession.Refusal"/>.
    /// </summary>
    public virtual MqttTakeover TakeOver(MqttSession session, MqttSession older) => MqttTakeover.Resume;

    /// <summary>The session is open: CONNACK was written and a session it replaced has had its <see cref="Disconnected"/>.</summary>
    public virtual void Connected(MqttSession session)
    {
    }

    /// <summary>
    /// A session that a store kept is back without its client; may set <see cref="MqttSession.Tag"/>, which is what its will is judged by.
    /// False: it ends, with all it kept. <see cref="Subscribed"/> follows for what it subscribed.
    /// </summary>
    public virtual ValueTask<bool> RestoredAsync(MqttSession session, string? userName, CancellationToken ct) => new(true);

    /// <summary>
    /// The session has ended; called once for every <see cref="Connected"/>. Nothing can be delivered to it any more.
    /// <paramref name="reason"/> is <see cref="MqttReasonCode.Success"/> after the client's DISCONNECT and
    /// <see cref="MqttReasonCode.UnspecifiedError"/> when the connection broke.
    /// </summary>
    public virtual void Disconnected(MqttSession session, MqttReasonCode reason)
    {
    }

    /// <summary>Whether a session may subscribe a filter, alone or shared. A refusal is 0x87 in SUBACK, 0x80 before 5.0.</summary>
    public virtual bool MaySubscribe(MqttSession session, string filter) => true;

    /// <summary>Where a client that asks for it is to have its responses: Response Information of 5.0 (4.10.1), or null.</summary>
    public virtual string? ResponseInformation(MqttSession session) => null;

    /// <summary>
    /// A subscription, with its <c>$share/…</c> if it has one, was granted and its SUBACK written, or it came back with a session that had
    /// stayed, after <see cref="Connected"/> or <see cref="RestoredAsync"/>.
    /// </summary>
    public virtual void Subscribed(MqttSession session, string filter, MqttQos granted)
    {
    }

    /// <summary>
    /// A message arrived. Its spans are valid until this method returns (not until the task ends); what is kept must be copied. While the
    /// task is not completed nothing more is read from this connection.
    /// </summary>
    public virtual ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish) => new(MqttPublishVerdict.Route);
}
