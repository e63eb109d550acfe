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

    /// <summary>TLS settings, or null for plain TCP. An empty target host becomes <see cref="Host"/>.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The CONNECT packet: version, client id, credentials, keep-alive, will.</summary>
    public MqttConnect Connect { get; init; } = new() { KeepAliveSeconds = 60 };

    /// <summary>What takes the messages; without one they are acknowledged and dropped.</summary>
    public MqttMessageHandler? OnMessage { get; init; }

    /// <summary>Called after every successful connect, the first one included, when earlier subscriptions are in place again.</summary>
    public Func<MqttClient, CancellationToken, ValueTask>? OnConnected { get; init; }

    /// <summary>
    /// Connect again, and subscribe again, whenever the connection is lost, after 1 s, 2 s, 4 s … at most 60 s. The first connect is
    /// repeated too, unless the server refused it.
    /// </summary>
    public bool Reconnect { get; init; }

    /// <summary>Time for the TCP connection, TLS and CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest packet taken from the server, in bytes.</summary>
    public int MaximumPacketSize { get; init; } = 1024 * 1024;

    /// <summary>Messages that may wait for the handler before the connection is not read any more.</summary>
    public int MaximumWaitingMessages { get; init; } = 1024;

    /// <summary>The clock behind keep-alive and back-off.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
