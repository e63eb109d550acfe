using System.Net.Security;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Device;

/// <summary>Where a dock connects, as whom, what it is made of, and how patient it is. The waits are those of real docks where they are known.</summary>
public sealed record DjiDockOptions
{
    /// <summary>Host name or address of the MQTT server.</summary>
    public required string Host { get; init; }

    /// <summary>Port of the MQTT server.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS settings for MQTT, or null for plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>User name, as typed into Pilot 2; null is the dock's serial number.</summary>
    public string? User { get; init; }

    /// <summary>Password, as typed into Pilot 2.</summary>
    public required string Password { get; init; }

    /// <summary>The dock's serial number.</summary>
    public required string DockSn { get; init; }

    /// <summary>That of its aircraft.</summary>
    public required string AircraftSn { get; init; }

    /// <summary>Which generation it is.</summary>
    public DjiProfile Profile { get; init; } = DjiProfile.V116;

    /// <summary>The organization typed into Pilot 2, and its binding code; null when none was.</summary>
    public DjiOrganizationAsked? Organization { get; init; }

    /// <summary>What the dock is called.</summary>
    public string Callsign { get; init; } = "Dock";

    /// <summary>What has been logged.</summary>
    public DjiLogbook Logs { get; init; } = DjiLogbook.Empty;

    /// <summary>What puts an archive into a bucket.</summary>
    public DjiUpload Upload { get; init; } = (_, _, _, _, _) => throw new IOException("This dock has no way to object storage.");

    /// <summary>How it stands at the start.</summary>
    public DjiCondition Condition { get; init; } = new();

    /// <summary>What carries HTTP requests for firmware; used, never disposed. Null is a handler shared by the process.</summary>
    public HttpMessageHandler? Http { get; init; }

    /// <summary>Whether a lost MQTT connection is made again, and the first one waited for.</summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>How long a question waits for its answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before <c>config</c> is asked again, at most three times.</summary>
    public TimeSpan ConfigDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Waits before what wants an answer is sent again; the last one goes on without end.</summary>
    public IReadOnlyList<TimeSpan> ResendDelays { get; init; } = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4.2), TimeSpan.FromSeconds(8.2)];

    /// <summary>Shortest time between two reports of a job that say no more than how far it is.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it is away when it restarts.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long HTTP may stand still before it counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock behind every wait above.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// Puts one archive into a bucket, in one piece or in parts; an <see cref="IOException"/> means that it could not, and is reported as 324019.
/// </summary>
/// <param name="storage">Where, and with which key.</param>
/// <param name="key">Under which name.</param>
/// <param name="content">A seekable stream, from its beginning.</param>
/// <param name="moved">Told the bytes that are there by now.</param>
/// <param name="ct">Breaks it off.</param>
public delegate Task DjiUpload(DjiStorage storage, string key, Stream content, IProgress<long> moved, CancellationToken ct);
