using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Broker;

/// <summary>The sessions whose clients are away: when they end, and when their wills are due.</summary>
sealed class OfflineSessions(MqttBroker broker)
{
    readonly ConnectionList _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>Starts the clocks of a session: its end, and its will, which is due at the session's end at the latest (3.1.3.2.2).</summary>
    public void Add(MqttSession session, MqttWill? will)
    {
        var continuity = session.Continuity!;
        continuity.EndsAt = continuity.ExpirySeconds == uint.MaxValue ? long.MaxValue : broker.Now + continuity.ExpirySeconds * 1000L;
        continuity.Will = will;
        continuity.WillAt = will is null ? long.MaxValue : Math.Min(continuity.EndsAt, broker.Now + will.DelaySeconds * 1000L);
        _waiting.Add(session);
    }

    public void Remove(MqttSession session) => _waiting.Remove(session);

    /// <summary>The sessions that have come to an end, and those whose will is due.</summary>
    public List<MqttSession>? Due(long now)
    {
        List<MqttSession>? due = null;
        if (_waiting.Count > 0)
        {
            _waiting.ForEach((session, now) =>
            {
                if (session.Continuity!.EndsAt <= now || session.Continuity.WillAt <= now) (due ??= []).Add(session);
            }, now);
        }
        return due;
    }
}
