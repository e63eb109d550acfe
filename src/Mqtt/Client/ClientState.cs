using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>What of a client outlives its connections.</summary>
sealed class ClientState
{
    public ClientState(MqttClientOptions options)
    {
        Options = options;
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

    bool _wasConnected;

    /// <summary>The CONNECT packet: after the first one a session that stays is gone on with.</summary>
    public MqttConnect Connect => _wasConnected && Stays(Options.Connect) ? Options.Connect with { CleanStart = false } : Options.Connect;

    public void Connected(ClientConnection connection, int quota, bool present)
    {
        IsPresent = present && _wasConnected;
        _wasConnected = true;
        Inbound.Connected(connection, IsPresent);
        Outbox.Connected(connection, quota, IsPresent);
    }

    static bool Stays(MqttConnect connect) => connect.Version == MqttVersion.V50
        ? connect.Properties.Number(MqttPropertyId.SessionExpiryInterval, 0) > 0 : !connect.CleanStart;
}
