using System.Collections.Concurrent;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Devices;

/// <summary>The sessions of accounts, so that a change of rules ends them, those too that wait for their clients.</summary>
sealed class MqttAccountSessions
{
    readonly ConcurrentDictionary<MqttSession, string> _sessions = [];

    MqttBroker? _broker;

    /// <summary>Where sessions wait.</summary>
    public void Bound(MqttBroker broker) => _broker = broker;

    public void Add(string account, MqttSession session) => _sessions[session] = account;

    public void Remove(MqttSession session) => _sessions.TryRemove(session, out _);

    public void Cut(string account)
    {
        foreach (var (session, _) in _sessions.Where(s => s.Value == account))
        {
            session.LimitExpiry(0);
            session.Disconnect(MqttReasonCode.AdministrativeAction);
        }
        _broker?.EndWaiting(account);
    }
}
