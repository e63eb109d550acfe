using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>What of a client outlives its connections.</summary>
sealed class ClientState
{
    readonly MqttConnect _connect;
    bool _wasConnected;

    public ClientState(MqttClientOptions options)
    {
        Options = options;
        _connect = Announcing(options);
        BackOff = new(options);
        Outbox = new(Ids, Stays(options.Connect) && options.Reconnect, options.MaximumWaitingPublishes);
    }

    public MqttClientOptions Options { get; }

    public PacketIds Ids { get; } = new();

    public Outbox Outbox { get; }

    public Inbound Inbound { get; } = new();

    public BackOff BackOff { get; }

    public Requests Requests { get; } = new();

    /// <summary>Whether the server has kept the session of the connection before.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>The CONNECT packet, with the client's limits: after the first one a session that stays is gone on with.</summary>
    public MqttConnect Connect => _wasConnected && Stays(_connect) ? _connect with { CleanStart = false } : _connect;

    public void Connected(ClientConnection connection, int quota, bool present)
    {
        IsPresent = present && _wasConnected;
        _wasConnected = true;
        Inbound.Connected(connection, IsPresent);
        Outbox.Connected(connection, quota, IsPresent);
    }

    /// <summary>In 5.0 tells the server the client's limits, where the application has not said others; older versions have no properties.</summary>
    static MqttConnect Announcing(MqttClientOptions options)
    {
        var properties = new MqttPropertyBuffer();
        if (options.Connect.Version == MqttVersion.V50)
        {
            properties.Add(options.Connect.Properties);
            Announce(MqttPropertyId.ReceiveMaximum, Math.Clamp(options.MaximumWaitingMessages, 1, ushort.MaxValue));
            Announce(MqttPropertyId.MaximumPacketSize, options.MaximumPacketSize);
        }
        return options.Connect with { PropertyBytes = properties.Properties.Bytes.ToArray() };

        void Announce(MqttPropertyId id, int limit)
        {
            if (!options.Connect.Properties.TryGet(id, out _)) properties.Add(id, (uint)limit);
        }
    }

    static bool Stays(MqttConnect connect) => connect.Version == MqttVersion.V50
        ? connect.Properties.Number(MqttPropertyId.SessionExpiryInterval, 0) > 0 : !connect.CleanStart;
}
