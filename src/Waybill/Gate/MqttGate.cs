using System.Net;
using System.Text;
using Waybill.Devices;
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
    Admission admission, Inbox inbox, DeviceConnections connections, LastSeen lastSeen, MqttAccountSessions accounts, ListeningDelay delay,
    EventFollowers followers, ILogger<MqttGate> logger) : MqttApplication
{
    public override async ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        try
        {
            session.Tag = await admission.AdmitAsync(session, connect, ct);
            return MqttReasonCode.Success;
        }
        catch (RefusedException refusal)
        {
            LogRefused(logger, session.ClientId, session.RemoteEndPoint, refusal.Message);
            return refusal.Code is "device_disabled" or "account_disabled" ? MqttReasonCode.NotAuthorized : MqttReasonCode.BadUserNameOrPassword;
        }
    }

    public override void Connected(MqttSession session)
    {
        if (session.Tag is DeviceConnection connection)
            Arrived(connection);
        else if (session.Tag is AccountTopics account)
            accounts.Add(account.Account, session);
    }

    public override void Disconnected(MqttSession session, MqttReasonCode reason)
    {
        if (session.Tag is DeviceConnection connection)
            Left(connection);
        else
            Left(session);
    }

    public override bool MaySubscribe(MqttSession session, string filter) => session.Tag switch
    {
        DeviceConnection connection => DeviceTopics.IsOwn(Encoding.UTF8.GetBytes(filter), connection.Device),
        AccountTopics account => account.MaySubscribe(filter),
        _ => false,
    };

    public override void Subscribed(MqttSession session, string filter, MqttQos granted)
    {
        if (session.Tag is DeviceConnection connection)
            delay.Begin(connection, filter);
        else if (EventTopics.MayMatch(filter))
            followers.Add(session);
    }

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish) => session.Tag switch
    {
        DeviceConnection connection => FromDeviceAsync(connection, publish),
        AccountTopics account => new(account.MayPublish(publish.Topic) && !EventTopics.IsOne(publish.Topic) ? MqttPublishVerdict.Route : MqttPublishVerdict.Refused),
        _ => new(MqttPublishVerdict.Refused),
    };

    ValueTask<MqttPublishVerdict> FromDeviceAsync(DeviceConnection connection, in MqttPublish publish)
    {
        if (connection.DialectOf(publish.Topic) is not { } dialect)
            return new(DeviceTopics.IsOwn(publish.Topic, connection.Device) ? MqttPublishVerdict.Route : RefusedTopic(connection));
        var message = dialect.Read(publish.Payload, connection.Device);
        if (message is null)
        {
            connection.Acknowledge(publish.PacketId);
            connection.Flush();
            return new(MqttPublishVerdict.Held);
        }
        message.Origin = new Origin(connection, dialect, publish.PacketId, publish.Payload.ToArray());
        var posted = inbox.TryPost(message);
        if (!posted)
            return WaitAsync(message, message.Origin);
        delay.Spoken(connection, dialect, message);
        return new(MqttPublishVerdict.Held);
    }

    async ValueTask<MqttPublishVerdict> WaitAsync(LineMessage message, Origin origin)
    {
        await inbox.PostAsync(message, CancellationToken.None);
        delay.Spoken(origin.Connection, origin.Dialect, message);
        return MqttPublishVerdict.Held;
    }

    void Arrived(DeviceConnection connection)
    {
        connections.Add(connection);
        lastSeen.Note(connection.Device.Id);
    }

    void Left(DeviceConnection connection)
    {
        connections.Remove(connection);
        lastSeen.Note(connection.Device.Id);
    }

    void Left(MqttSession session)
    {
        accounts.Remove(session);
        followers.Remove(session);
    }

    MqttPublishVerdict RefusedTopic(DeviceConnection connection)
    {
        LogForeignTopic(logger, connection.Device.Product, connection.Device.Name);
        return MqttPublishVerdict.Refused;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "CONNECT of {ClientId} from {Address} refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string clientId, EndPoint? address, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Product}/{Device} published on a topic that is not its own: refused")]
    static partial void LogForeignTopic(ILogger logger, string product, string device);
}
