using System.Net;
using System.Text;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Gate;

/// <summary>
/// Who comes in over MQTT and what happens to what they publish: a dialect's message goes on the line and is acknowledged
/// after its commit; what no dialect claims is ordinary MQTT; another device's topic is refused.
/// </summary>
sealed partial class MqttGate(
    Admission admission, Claims claims, Inbox inbox, DeviceConnections connections, LastSeen lastSeen, MqttAccountSessions accounts, ListeningDelay delay,
    ProductLoginSessions logins, EventFollowers followers, MqttRefusals refusals, GateTrace trace, ILogger<MqttGate> logger) : MqttApplication
{
    public override async ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        try
        {
            session.Tag = await admission.AdmitAsync(session, connect, ct);
            // what a device missed its dialect tells it anew: an old command must not come after a newer one
            if (session.Tag is not AccountTopics)
                session.LimitExpiry(0);
            trace.Admitted(session, connect);
            return MqttReasonCode.Success;
        }
        catch (RefusedException refusal)
        {
            trace.Refused(session, connect, Note(session, MqttRefusal.OfConnect(session.ClientId, await claims.OfAsync(session, connect.UserName, refusal), refusal)));
            return RefusedConnect.Told(session, refusal);
        }
    }

    /// <summary>Where several come at once with one client id, <see cref="ConnectAsync"/> could not see it.</summary>
    public override MqttTakeover TakeOver(MqttSession session, MqttSession older)
    {
        var takeover = ClientIds.Judge(session.ClientId, session.Tag, older.Tag);
        if (takeover == MqttTakeover.Refuse)
        {
            var refusal = new RefusedException(ClientIds.Taken, "somebody else has a session with this client id");
            trace.Refused(Note(session, MqttRefusal.OfConnect(session.ClientId, Claim.Of(session.Tag), refusal)));
            RefusedConnect.Told(session, refusal);
        }
        return takeover;
    }

    public override void Connected(MqttSession session)
    {
        if (session.Tag is DeviceConnection connection)
            Arrived(connection);
        else if (session.Tag is AccountTopics account)
            accounts.Add(account.Account, session);
        else if (session.Tag is UnboundGateway unbound)
            logins.Add(unbound.Login, session);
    }

    public override async ValueTask<bool> RestoredAsync(MqttSession session, string? userName, CancellationToken ct) =>
        (session.Tag = userName is null ? null : await admission.RestoreAsync(userName, ct)) is not null;

    public override void Disconnected(MqttSession session, MqttReasonCode reason)
    {
        logins.Remove(session);
        if (session.Tag is DeviceConnection connection)
            Left(connection, reason);
        else
            Left(session);
    }

    public override bool MaySubscribe(MqttSession session, string filter)
    {
        var topic = Encoding.UTF8.GetBytes(filter);
        var may = Bound(session, topic) switch
        {
            DeviceConnection connection => DeviceTopics.IsOwn(topic, connection),
            AccountTopics account => account.MaySubscribe(filter),
            _ => false,
        };
        if (!may)
            Note(session, RefusedAct.Subscribe, topic);
        return may;
    }

    public override void Subscribed(MqttSession session, string filter, MqttQos granted)
    {
        if (session.Tag is DeviceConnection connection)
            delay.Begin(connection, filter);
        else if (EventTopics.MayMatch(filter))
            followers.Add(session.ClientId, stays: session.ExpirySeconds > 0);
    }

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish) => Bound(session, publish.Topic) switch
    {
        DeviceConnection connection => FromDeviceAsync(connection, publish),
        AccountTopics account when account.MayPublish(publish.Topic) && !EventTopics.IsOne(publish.Topic) => new(MqttPublishVerdict.Route),
        _ => new(Refused(session, publish.Topic)),
    };

    ValueTask<MqttPublishVerdict> FromDeviceAsync(DeviceConnection connection, in MqttPublish publish)
    {
        if (connection.DialectOf(publish.Topic) is not { } dialect)
            return new(DeviceTopics.IsOwn(publish.Topic, connection) ? MqttPublishVerdict.Route : RefusedTopic(connection, publish.Topic));
        var message = dialect.Read(publish.Topic, publish.Payload, connection.Device);
        if (message is null)
            return new(Dropped(connection, publish.PacketId));
        var packetId = connection.Device.IsShared ? null : (ushort?)publish.PacketId;
        message.Origin = new Origin(connection, dialect, packetId, publish.Topic.ToArray(), publish.Payload.ToArray());
        if (!message.IsToDecide)
            return new(Dealt(message, message.Origin));
        if (!inbox.TryPost(message))
            return WaitAsync(message, message.Origin);
        delay.Spoken(connection, dialect, message);
        return new(Verdict(connection));
    }

    async ValueTask<MqttPublishVerdict> WaitAsync(LineMessage message, Origin origin)
    {
        await inbox.PostAsync(message, CancellationToken.None);
        delay.Spoken(origin.Connection, origin.Dialect, message);
        return Verdict(origin.Connection);
    }

    /// <summary>What others hear too goes the ordinary way, and the broker acknowledges it.</summary>
    static MqttPublishVerdict Verdict(DeviceConnection connection) => connection.Device.IsShared ? MqttPublishVerdict.Route : MqttPublishVerdict.Held;

    static MqttPublishVerdict Dropped(DeviceConnection connection, ushort packetId)
    {
        if (connection.Device.IsShared)
            return MqttPublishVerdict.Route;
        connection.Acknowledge(packetId);
        connection.Flush();
        return MqttPublishVerdict.Held;
    }

    /// <summary>What is not for the line is for applications too, as ordinary MQTT.</summary>
    MqttPublishVerdict Dealt(LineMessage message, Origin origin)
    {
        message.Answer();
        origin.Connection.Flush();
        delay.Spoken(origin.Connection, origin.Dialect, message);
        return MqttPublishVerdict.Route;
    }

    /// <summary>Who the session is; with the login of a product, the first of its gateways whose topic is used.</summary>
    object? Bound(MqttSession session, ReadOnlySpan<byte> topic)
    {
        if (session.Tag is UnboundGateway unbound && admission.Bind(session, unbound, topic) is { } connection)
        {
            session.Tag = connection;
            Arrived(connection);
        }
        return session.Tag;
    }

    void Arrived(DeviceConnection connection)
    {
        connections.Add(connection);
        trace.Arrived(connection);
        foreach (var dialect in connection.Dialects)
        {
            if (dialect.Arrival(connection.Device) is { } message)
                inbox.PostFollowing(message);
        }
        lastSeen.Note(connection.Device.Id);
    }

    void Left(DeviceConnection connection, MqttReasonCode reason)
    {
        connections.Remove(connection);
        trace.Left(connection, reason);
        lastSeen.Note(connection.Device.Id);
    }

    void Left(MqttSession session)
    {
        accounts.Remove(session);
        // the events go on into a session that stays
        if (session.ExpirySeconds == 0)
            followers.Remove(session.ClientId);
    }

    MqttPublishVerdict RefusedTopic(DeviceConnection connection, ReadOnlySpan<byte> topic)
    {
        LogForeignTopic(logger, connection.Device.Product, connection.Device.Name);
        return Refused(connection.Session, topic);
    }

    MqttPublishVerdict Refused(MqttSession session, ReadOnlySpan<byte> topic)
    {
        Note(session, RefusedAct.Publish, topic);
        return MqttPublishVerdict.Refused;
    }

    void Note(MqttSession session, RefusedAct act, ReadOnlySpan<byte> topic)
    {
        var claim = Claim.Of(session.Tag, session.Tag is UnboundGateway ? admission.NamedBy(topic) : null);
        var noted = MqttRefusal.OfTopic(session.ClientId, claim, act, Encoding.UTF8.GetString(topic)) with { Address = AddressOf(session) };
        refusals.Note(noted);
        trace.Refused(noted);
    }

    MqttRefusal Note(MqttSession session, MqttRefusal refusal)
    {
        var noted = refusal with { Address = AddressOf(session) };
        refusals.Note(noted);
        LogRefused(logger, session.ClientId, session.RemoteEndPoint, noted.Detail);
        return noted;
    }

    static IPAddress? AddressOf(MqttSession session) => (session.RemoteEndPoint as IPEndPoint)?.Address;

    [LoggerMessage(Level = LogLevel.Warning, Message = "CONNECT of {ClientId} from {Address} refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string clientId, EndPoint? address, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device} published on a topic that is not its own: refused")]
    static partial void LogForeignTopic(ILogger logger, string product, string device);
}
