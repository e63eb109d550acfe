using System.Net.Security;

namespace Waybill.Device;

/// <summary>Where a device connects, as whom, and how patient it is. The defaults are the vendor SDK's.</summary>
public abstract record DeviceOptions
{
    /// <summary>Host name or address of the MQTT server.</summary>
    public required string Host { get; init; }

    /// <summary>Port of the MQTT server; 1883 by custom, 8883 with TLS.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS settings for MQTT, or null for plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Who the device is.</summary>
    public required TencentIdentity Identity { get; init; }

    /// <summary>
    /// What carries HTTP requests; used, never disposed, and may be shared by any number of devices. It must neither follow redirects
    /// nor decompress. Null is a handler shared by the process.
    /// </summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>Whether a lost MQTT connection is made again, and the first one waited for.</summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>How often a transfer that the device began is tried before it gives it up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait between two attempts.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a question for a URL waits. The vendor's SDK waits for ever; here it is an attempt lost.</summary>
    public TimeSpan UrlTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long HTTP may stand still before it counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Shortest time between two running reports.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The clock behind every wait above.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
