using System.Net.Security;
using Waybill.Mqtt.Codec;

namespace Waybill.Mqtt.Client;

/// <summary>Where and as whom a client connects.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Port; 1883 by custom, 8883 with TLS.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>
    /// TLS settings, or null for plain TCP; a certificate of the client's own among them. An empty target host becomes <see cref="Host"/>;
    /// over a WebSocket it is always that.
    /// </summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Path of a WebSocket at the host, <c>/mqtt</c> by custom, or null for TCP.</summary>
    public string? WebSocketPath { get; init; }

    /// <summary>The CONNECT packet: version, client id, credentials, keep-alive, will.</summary>
    public MqttConnect Connect { get; init; } = new() { KeepAliveSeconds = 60 };

    /// <summary>What takes the messages; without one they are acknowledged and dropped.</summary>
    public MqttMessageHandler? OnMessage { get; init; }

    /// <summary>
    /// Called after every successful connect, the first one included, when earlier subscriptions are in place again but for those that the server
    /// refuses by now. The token is cancelled when that connection is lost, at the first connect it is the caller's; the call for the next
    /// connection waits until this one has ended. An exception ends the client, but one of a server's refusal only at the first connect.
    /// </summary>
    public Func<MqttClient, CancellationToken, ValueTask>? OnConnected { get; init; }

    /// <summary>
    /// Connect again, and subscribe again, whenever the connection is lost, each time after a random part of a delay that doubles from
    /// <see cref="ReconnectDelay"/> to <see cref="MaximumReconnectDelay"/>. The first connect is repeated too, unless the server refused it.
    /// </summary>
    public bool Reconnect { get; init; }

    /// <summary>The first try after a lost connection comes within this time; so does that after one that held for <see cref="MaximumReconnectDelay"/>. 1 s.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Every try comes within this time; 60 s.</summary>
    public TimeSpan MaximumReconnectDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the delay's random part is drawn from.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// Messages are acknowledged by <see cref="MqttMessage.Acknowledge"/> and not when their handler completes. To be done in the order of
    /// their arrival [MQTT-4.6.0-2].
    /// </summary>
    public bool ManualAcknowledgement { get; init; }

    /// <summary>
    /// QoS 1 and 2 messages that wait for the server's receive maximum, or for a connection when the session stays (not clean; in 5.0 with an
    /// expiry interval) and <see cref="Reconnect"/> is set.
    /// </summary>
    public int MaximumWaitingPublishes { get; init; } = 10_000;

    /// <summary>Topic aliases towards the server, if it takes them; those it may use are a property of <see cref="Connect"/>.</summary>
    public ushort MaximumTopicAliases { get; init; }

    /// <summary>Time for the TCP connection, TLS and CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Largest packet taken from the server, in bytes; a larger one ends the connection. A server of 5.0 is told, unless <see cref="Connect"/> has
    /// another Maximum Packet Size, which then holds. An older one cannot know: what it keeps for a session that stays ends every connection.
    /// </summary>
    public int MaximumPacketSize { get; init; } = 1024 * 1024;

    /// <summary>
    /// Messages that may wait for the handler. Acknowledgements are read meanwhile, so that the handler may await them: QoS 0 messages beyond
    /// are dropped (<see cref="MqttClient.DroppedMessages"/>). A server of 5.0 is told this as the Receive Maximum unless <see cref="Connect"/>
    /// has one, and sends no more QoS 1 and 2 messages than that before one is acknowledged; an older one sends what it wants to, 65 535 at most.
    /// </summary>
    public int MaximumWaitingMessages { get; init; } = 1024;

    /// <summary>The clock behind keep-alive and back-off.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
