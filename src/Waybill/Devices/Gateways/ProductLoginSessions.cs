using System.Collections.Concurrent;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;

namespace Waybill.Devices.Gateways;

/// <summary>The open sessions that came in with the login of a product, whether or not it is known which gateway they are: a change of the login ends them.</summary>
sealed class ProductLoginSessions
{
    readonly ConcurrentDictionary<MqttSession, ProductLogin> _sessions = [];

    public bool Any => !_sessions.IsEmpty;

    public void Add(ProductLogin login, MqttSession session) => _sessions[session] = login;

    public void Remove(MqttSession session) => _sessions.TryRemove(session, out _);

    public void Cut(long productId) => Cut(login => login.ProductId == productId);

    /// <summary>Those whose login is another now, or gone.</summary>
    public void CutOutdated(IReadOnlyDictionary<long, (string User, long Version)> standing) =>
        Cut(login => !standing.TryGetValue(login.ProductId, out var now) || now != (login.User, login.Version));

    void Cut(Func<ProductLogin, bool> which)
    {
        foreach (var (session, _) in _sessions.Where(s => which(s.Value)))
            session.Disconnect(MqttReasonCode.AdministrativeAction);
    }
}
