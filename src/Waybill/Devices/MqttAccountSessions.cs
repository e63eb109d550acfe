using System.Collections.Concurrent;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Devices;

/// <summary>The open sessions of accounts, so that a change of rules ends them.</summary>
sealed class MqttAccountSessions
{
    readonly ConcurrentDictionary<MqttSession, string> _sessions = [];

    public void Add(string account, MqttSession session) => _sessions[session] = account;

    public void Remove(MqttSession session) => _sessions.TryRemove(session, out _);

    public void Cut(string account)
    {
        foreach (var (session, _) in _sessions.Where(s => s.Value == account))
            session.Disconnect(MqttReasonCode.AdministrativeAction);
    }
}
