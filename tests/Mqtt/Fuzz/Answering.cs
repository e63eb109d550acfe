using System.Text;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Tests.Fuzz;

/// <summary>Routes most messages, holds and refuses some, and remembers what must be gone in the end.</summary>
sealed class Answering : MqttApplication
{
    readonly List<WeakReference> _sessions = [];
    readonly HashSet<string> _retained = new(StringComparer.Ordinal);

    /// <summary>Most user properties of a message that came here.</summary>
    public int MostProperties { get; private set; }

    public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        if (_sessions.Count % 1000 == 999) CountSessions();
        if (session.ClientId != Bystander.ClientId) _sessions.Add(new(session));
        return new(MqttReasonCode.Success);
    }

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
    {
        if (publish.Retain) _retained.Add(Encoding.UTF8.GetString(publish.Topic));
        Count(publish.Properties);
        // The will of a session that waited: nobody waits for the answer, so it is given at once
        if (session.HadNoConnection) return new(MqttPublishVerdict.Route);
        switch (publish.Payload.Length % 6)
        {
            case 1:
                return new(MqttPublishVerdict.Refused);
            case 2:
                session.Acknowledge(publish.PacketId);
                return new(MqttPublishVerdict.Held);
            case 3:
                return LaterAsync();
            case 4:
                // Never acknowledged; fewer than the window are of one connection
                return new(MqttPublishVerdict.Held);
            default:
                return new(MqttPublishVerdict.Route);
        }

        static async ValueTask<MqttPublishVerdict> LaterAsync()
        {
            await Task.Yield();
            return MqttPublishVerdict.Route;
        }
    }

    /// <summary>The topics of messages with RETAIN since the last time.</summary>
    public string[] TakeRetained()
    {
        string[] taken = [.. _retained];
        _retained.Clear();
        return taken;
    }

    /// <summary>Hostile connections' sessions that something still refers to.</summary>
    public int CountSessions()
    {
        _sessions.RemoveAll(s => !s.IsAlive);
        return _sessions.Count;
    }

    void Count(MqttProperties properties)
    {
        var count = 0;
        foreach (var property in properties)
            if (property.Id == MqttPropertyId.UserProperty) count++;
        MostProperties = Math.Max(MostProperties, count);
    }
}
