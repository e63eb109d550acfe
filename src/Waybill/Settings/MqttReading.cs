using Waybill.Mqtt.Broker;

namespace Waybill.Settings;

/// <summary><c>Waybill:Mqtt</c>: where it is served and what a client may cost.</summary>
static class MqttReading
{
    public static MqttSettings Read(SettingsReader reader) =>
        new(reader.Address("Mqtt:Address"), reader.Port("Mqtt:Port", 1883), reader.Port("Mqtt:TlsPort", 8883))
        {
            Limits = Kept(reader, Limits(reader)),
            Connecting = Number(reader, "Connecting", 64, 1, 100_000, "connections"),
            ClosingRate = Number(reader, "ClosingRate", 5000, 1, 10_000_000, "sessions a second"),
            ProxyNetworks = reader.Networks("Mqtt:ProxyNetworks"),
        };

    /// <summary>No limit of an address by default: a whole carrier may stand behind one. All together leave room for what is no MQTT.</summary>
    static MqttBrokerOptions Limits(SettingsReader reader) => new()
    {
        MaximumConnections = Number(reader, "Connections", 100_000, 0, 10_000_000, "connections"),
        MaximumConnectionsPerAddress = Number(reader, "ConnectionsPerAddress", 0, 0, 10_000_000, "connections"),
        ConnectTimeout = reader.Time("Mqtt:ConnectDeadline", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100)),
        MaximumConnectSize = Number(reader, "ConnectSize", 16 * 1024, 256, 1 << 20, "bytes"),
        MaximumPacketSize = Number(reader, "PacketSize", 256 * 1024, 1024, 256 << 20, "bytes"),
        MaximumInFlight = (ushort)Number(reader, "InFlight", 1024, 1, ushort.MaxValue, "messages"),
        MaximumQueuedBytes = Number(reader, "QueuedBytes", 256 * 1024, 1024, 1 << 30, "bytes"),
        MaximumPublishRate = Number(reader, "PublishRate", 2000, 0, 10_000_000, "messages a second"),
        MaximumKeepAliveSeconds = (ushort)KeepAlive(reader).TotalSeconds,
        MaximumSubscriptions = Number(reader, "Subscriptions", 1000, 1, 1_000_000, "subscriptions"),
        MaximumSubscriptionBytes = Number(reader, "SubscriptionBytes", 4 << 20, 1024, 1 << 30, "bytes"),
    };

    static MqttBrokerOptions Kept(SettingsReader reader, MqttBrokerOptions limits) => limits with
    {
        MaximumSessionExpirySeconds = (uint)reader.Time("Mqtt:SessionExpiry", TimeSpan.FromDays(7), TimeSpan.Zero).TotalSeconds,
        MaximumOfflineSessions = Number(reader, "OfflineSessions", 10_000, 0, 10_000_000, "sessions"),
        MaximumOfflineMessages = Number(reader, "OfflineMessages", 1000, 0, 10_000_000, "messages"),
        MaximumOfflineBytes = reader.Number("Mqtt:OfflineBytes", 256 << 20, 0, 1L << 40, Of("bytes", 0, 1L << 40)),
        WhenOfflineQueueIsFull = Drop(reader),
        MaximumRetainedMessages = Number(reader, "Retained", 100_000, 0, 10_000_000, "messages"),
        MaximumRetainedPerClient = Number(reader, "RetainedPerClient", 10_000, 0, 10_000_000, "messages"),
        MaximumRetainedBytes = reader.Number("Mqtt:RetainedBytes", 64 << 20, 0, 1L << 40, Of("bytes", 0, 1L << 40)),
    };

    static TimeSpan KeepAlive(SettingsReader reader)
    {
        var time = reader.Time("Mqtt:KeepAlive", TimeSpan.Zero, TimeSpan.Zero);
        if (time <= TimeSpan.FromSeconds(ushort.MaxValue) && (time == TimeSpan.Zero || time >= TimeSpan.FromSeconds(1)))
            return time;
        reader.Mistake("Mqtt:KeepAlive", time.ToString(), "a time of at least 00:00:01 and at most 18:12:15, or 0 for no limit");
        return TimeSpan.Zero;
    }

    static MqttDrop Drop(SettingsReader reader)
    {
        if (reader.Text("Mqtt:OfflineDrop") is not { } text)
            return MqttDrop.Oldest;
        if (text is "oldest" or "newest")
            return text == "oldest" ? MqttDrop.Oldest : MqttDrop.Newest;
        reader.Mistake("Mqtt:OfflineDrop", text, "oldest or newest");
        return MqttDrop.Oldest;
    }

    static int Number(SettingsReader reader, string name, int otherwise, int least, int most, string things) =>
        (int)reader.Number($"Mqtt:{name}", otherwise, least, most, Of(things, least, most));

    static string Of(string things, long least, long most) => $"a number of {things} from {least} to {most}";
}
