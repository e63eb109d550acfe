using System.Globalization;
using System.Reflection;
using System.Text;

namespace Waybill.Mqtt.Broker;

/// <summary>What a broker tells of itself under <c>$SYS/broker/</c>, named and rounded as Mosquitto does, retained and not durable.</summary>
sealed class SystemTopics(MqttBroker broker)
{
    static readonly string Version = $"waybill version {typeof(SystemTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";

    readonly long _since = broker.Now;
    readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);
    readonly SystemLoad[] _loads =
    [
        new("messages/received", static t => t.PacketsIn), new("messages/sent", static t => t.PacketsOut),
        new("publish/dropped", static t => t.Dropped), new("publish/received", static t => t.PublishesIn), new("publish/sent", static t => t.PublishesOut),
        new("bytes/received", static t => t.BytesIn), new("bytes/sent", static t => t.BytesOut),
    ];
    readonly SystemLoad _sockets = new("sockets", static _ => 0), _connections = new("connections", static _ => 0);
    long _next = broker.Now + (long)broker.Options.SystemInterval.TotalMilliseconds;
    long _last = broker.Now;
    int _mostClients;

    /// <summary>Publishes what there is to tell when the interval has passed.</summary>
    public void Sweep(long now)
    {
        if (broker.Options.SystemInterval <= TimeSpan.Zero || now < _next) return;
        _next = now + (long)broker.Options.SystemInterval.TotalMilliseconds;
        var (traffic, clients) = broker.Count();
        _mostClients = Math.Max(_mostClients, clients);
        Tell("version", Version);
        Tell("uptime", $"{(now - _since) / 1000} seconds");
        Tell("clients/connected", clients);
        Tell("clients/disconnected", broker.Offline.Count);
        Tell("clients/total", clients + broker.Offline.Count);
        Tell("clients/maximum", _mostClients);
        Tell("messages/received", traffic.PacketsIn);
        Tell("messages/sent", traffic.PacketsOut);
        Tell("messages/stored", broker.Retained.Count + broker.Kept.Count);
        Tell("store/messages/count", broker.Retained.Count + broker.Kept.Count);
        Tell("store/messages/bytes", broker.Retained.Bytes + broker.Kept.Value);
        Tell("publish/messages/received", traffic.PublishesIn);
        Tell("publish/messages/sent", traffic.PublishesOut);
        Tell("publish/messages/dropped", traffic.Dropped);
        Tell("bytes/received", traffic.BytesIn);
        Tell("bytes/sent", traffic.BytesOut);
        Tell("retained messages/count", broker.Retained.Count);
        TellLoad(now, traffic);
        MessageRouter.FlushTouched();
    }

    void TellLoad(long now, Traffic traffic)
    {
        var minutes = (now - _last) / 60_000.0;
        _last = now;
        foreach (var load in _loads) Tell(load, load.Of(traffic), minutes);
        Tell(_sockets, broker.SocketsOpened, minutes);
        Tell(_connections, broker.ClientsConnected, minutes);
    }

    void Tell(SystemLoad load, long total, double minutes)
    {
        load.Go(total, minutes);
        Tell($"load/{load.Name}/1min", load.One.ToString("F2", CultureInfo.InvariantCulture));
        Tell($"load/{load.Name}/5min", load.Five.ToString("F2", CultureInfo.InvariantCulture));
        Tell($"load/{load.Name}/15min", load.Fifteen.ToString("F2", CultureInfo.InvariantCulture));
    }

    void Tell(string name, long value) => Tell(name, value.ToString(CultureInfo.InvariantCulture));

    void Tell(string name, string value)
    {
        if (!_names.TryGetValue(name, out var topic)) _names[name] = topic = Encoding.UTF8.GetBytes("$SYS/broker/" + name);
        broker.Router.Route(new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(value), Retain = true }, MqttVersion.V311, null);
    }
}
