using System.Net;
using Waybill.Devices.Gateways;
using Waybill.Events;
using Waybill.Logs;
using Waybill.Mqtt.Broker;
using Waybill.Quotas;
using Waybill.Transfers;
using Waybill.Upgrades;
using Waybill.Webhooks;

namespace Waybill.Settings;

/// <summary>The tree under <c>Waybill</c>, checked. Holds secrets: not to be logged.</summary>
sealed record WaybillSettings
{
    /// <summary>Directory of the database, the objects and the made keys; absolute.</summary>
    public required string Data { get; init; }

    /// <summary>Base of device URLs, no slash at the end; null: the local address a device reached.</summary>
    public string? PublicUrl { get; init; }

    public string? AdminKey { get; init; }

    /// <summary>A PostgreSQL connection string; null: SQLite under <see cref="Data"/>.</summary>
    public string? Database { get; init; }

    /// <summary>Whether device URLs may be served on port 80 as well when there is no public URL.</summary>
    public bool TryPort80 { get; init; }

    public required IReadOnlyList<ListenerSettings> Listeners { get; init; }

    public required MqttSettings Mqtt { get; init; }

    public TlsSettings? Tls { get; init; }

    public required ObjectSettings Objects { get; init; }

    public required S3Settings S3 { get; init; }

    public required TransferSettings Transfers { get; init; }

    public required GatewayDefaults Dji { get; init; }

    public required LogSettings Logs { get; init; }

    public required UpgradeSettings Upgrades { get; init; }

    public required RetentionSettings Retention { get; init; }

    public required EventSettings Events { get; init; }

    public required WebhookSettings Webhooks { get; init; }

    public override string ToString() => nameof(WaybillSettings);
}

/// <summary>Port 0 takes a free one.</summary>
sealed record ListenerSettings(string Name, IPAddress Address, int Port, bool Tls, ListenerRoles Roles);

/// <summary>What a listener serves. A request for anything else is not found there.</summary>
[Flags]
enum ListenerRoles
{
    None = 0,

    /// <summary><c>/o/…</c> and dynamic registration, and nothing else.</summary>
    Devices = 1,

    /// <summary>Everything but what is for devices and for S3 clients.</summary>
    Api = 2,

    /// <summary>The S3 endpoint, which has all paths for itself.</summary>
    S3 = 4,
}

sealed record MqttSettings(IPAddress Address, int Port, int TlsPort)
{
    /// <summary>What a client may cost, and how long applications' sessions wait for them.</summary>
    public required MqttBrokerOptions Limits { get; init; }

    /// <summary>CONNECTs that are looked at at a time, of devices and of those with passwords each.</summary>
    public required int Connecting { get; init; }

    /// <summary>Sessions that are ended in a second when the server stops.</summary>
    public required int ClosingRate { get; init; }

    /// <summary>Load balancers that begin each connection with a PROXY header.</summary>
    public required IReadOnlyList<IPNetwork> ProxyNetworks { get; init; }
}

/// <summary>Paths of one PEM pair.</summary>
sealed record TlsSettings(string Certificate, string Key)
{
    /// <summary>Path of the PEM file of those who issue certificates of devices; null: devices have none.</summary>
    public string? DeviceAuthorities { get; init; }
}

sealed record ObjectSettings
{
    /// <summary>Directory of the objects; absolute.</summary>
    public required string Path { get; init; }

    /// <summary>How long bytes stay that nothing refers to any more.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often every object is hashed again; zero: never.</summary>
    public TimeSpan Scrub { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The largest file the library takes, in bytes.</summary>
    public long MaximumSize { get; init; } = 2L << 30;
}
