using Waybill.Mqtt.Broker.Store;

namespace Waybill.Mqtt.Broker;

/// <summary>Limits of a broker.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>Time from the accepted connection to an accepted CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest packet taken from an authenticated client, in bytes with the fixed header.</summary>
    public int MaximumPacketSize { get; init; } = 256 * 1024;

    /// <summary>Largest CONNECT packet, in bytes.</summary>
    public int MaximumConnectSize { get; init; } = 16 * 1024;

    /// <summary>Publishes of one session the application may hold at a time; at this number the connection is not read. Also the Receive Maximum of 5.0.</summary>
    public ushort HeldWindow { get; init; } = 32;

    /// <summary>
    /// Bytes that may wait for one session: written but not taken by its connection, and QoS 1 and 2 messages beyond its receive maximum. What is
    /// above is dropped at QoS 0; anything else above it ends the session.
    /// </summary>
    public int MaximumQueuedBytes { get; init; } = 256 * 1024;

    /// <summary>Unacknowledged QoS 1 and 2 messages to one session, unless the client's receive maximum is lower.</summary>
    public ushort MaximumInFlight { get; init; } = 1024;

    /// <summary>Subscriptions of one session; more are refused with "quota exceeded".</summary>
    public int MaximumSubscriptions { get; init; } = 1000;

    /// <summary>
    /// Bytes of one session's subscriptions, with what it takes to find them: 384 for each level of a filter with wildcards. More are refused
    /// with "quota exceeded".
    /// </summary>
    public int MaximumSubscriptionBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Topic aliases in each direction of a connection; with 0 there are none.</summary>
    public ushort MaximumTopicAliases { get; init; } = 16;

    /// <summary>The longest keep-alive in seconds; 5.0 is told to keep it (Server Keep Alive), older clients are held to their own. 0 is no limit.</summary>
    public ushort MaximumKeepAliveSeconds { get; init; }

    /// <summary>Connections in all; one more is closed at once. 0 is no limit.</summary>
    public int MaximumConnections { get; init; }

    /// <summary>
    /// Connections of one address, or of one /64 in IPv6; one more is closed at once. 0 is no limit: a whole carrier may stand behind one address.
    /// </summary>
    public int MaximumConnectionsPerAddress { get; init; }

    /// <summary>Publishes of one client in a second, and as many at once; who is faster is not read meanwhile. 0 is no limit.</summary>
    public int MaximumPublishRate { get; init; }

    /// <summary>How often the broker publishes what it tells of itself under <c>$SYS/broker/</c>; zero is never.</summary>
    public TimeSpan SystemInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Retained messages; with 0 there are none, and 5.0 is told so. When it is reached, topics that are new are not kept.</summary>
    public int MaximumRetainedMessages { get; init; } = 100_000;

    /// <summary>Bytes of all retained messages, with what it takes to find them: 256 for each level of their topics.</summary>
    public long MaximumRetainedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Retained messages that one client made since the broker began, so that none takes the places of all.</summary>
    public int MaximumRetainedPerClient { get; init; } = 10_000;

    /// <summary>
    /// Seconds a session may stay without a connection: more is cut to it, and 5.0 is told. With 0 every session ends with its connection.
    /// Before 5.0 a session that is not clean stays as long.
    /// </summary>
    public uint MaximumSessionExpirySeconds { get; init; } = 7 * 24 * 3600;

    /// <summary>Sessions without a connection; when it is reached, more end with their connections.</summary>
    public int MaximumOfflineSessions { get; init; } = 100_000;

    /// <summary>
    /// QoS 1 and 2 messages that wait for a client that is away, of <see cref="MaximumQueuedBytes"/> at most; QoS 0 does not wait.
    /// </summary>
    public int MaximumOfflineMessages { get; init; } = 1000;

    /// <summary>Bytes of all messages that wait for clients, whoever they are.</summary>
    public long MaximumOfflineBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Which message is lost when too many wait for a client that is away.</summary>
    public MqttDrop WhenOfflineQueueIsFull { get; init; }

    /// <summary>
    /// Where sessions that stay, and retained messages, outlive the broker; null: nowhere. With a store nothing is acknowledged before it is
    /// committed; call <see cref="MqttBroker.LoadAsync"/> before the first connection.
    /// </summary>
    public IMqttSessionStore? SessionStore { get; init; }
}
