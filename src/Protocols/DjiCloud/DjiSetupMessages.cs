namespace Waybill.Protocols.DjiCloud;

/// <summary><c>config</c>: a dock asks whose licence it flies under, before anything else.</summary>
public sealed record DjiConfigAsked : DjiUp;

/// <summary><c>airport_bind_status</c>: whether devices belong to an organization.</summary>
/// <param name="Sns">At most <see cref="DjiBindAsked.MaxDevices"/>.</param>
public sealed record DjiBindStatusAsked(IReadOnlyList<string> Sns) : DjiUp;

/// <summary><c>airport_organization_get</c>: the name of the organization that was typed in. Its text shows no code.</summary>
/// <param name="OrganizationId">Null when blank.</param>
/// <param name="BindingCode">Null when blank.</param>
public sealed record DjiOrganizationAsked(string? OrganizationId, string? BindingCode) : DjiUp
{
    /// <summary>Only what is no secret.</summary>
    public override string ToString() => $"{nameof(DjiOrganizationAsked)} {{ {nameof(OrganizationId)} = {OrganizationId} }}";
}

/// <summary><c>airport_organization_bind</c>.</summary>
/// <param name="Devices">At most <see cref="MaxDevices"/>.</param>
public sealed record DjiBindAsked(IReadOnlyList<DjiBinding> Devices) : DjiUp
{
    /// <summary>Most devices kept; two are documented.</summary>
    public const int MaxDevices = 8;
}

/// <summary>One device that wants to belong to an organization. Its text shows no code.</summary>
/// <param name="Sn">Its serial number.</param>
/// <param name="OrganizationId">Null when blank.</param>
/// <param name="BindingCode">Null when blank.</param>
/// <param name="Callsign">What people call it; null when blank.</param>
/// <param name="ModelKey">As <see cref="DjiThing.ModelKey"/>; null when blank.</param>
public sealed record DjiBinding(string Sn, string? OrganizationId, string? BindingCode, string? Callsign, string? ModelKey)
{
    /// <summary>Only what is no secret.</summary>
    public override string ToString() => $"{nameof(DjiBinding)} {{ {nameof(Sn)} = {Sn}, {nameof(OrganizationId)} = {OrganizationId} }}";
}

/// <summary><c>update_topo</c>: which aircraft stands behind the gateway now.</summary>
/// <param name="Gateway">The gateway; its serial number is that of the topic.</param>
/// <param name="SubDevices">Empty: the aircraft is off. At most <see cref="MaxSubDevices"/>.</param>
public sealed record DjiTopology(DjiThing Gateway, IReadOnlyList<DjiSubDevice> SubDevices) : DjiUp
{
    /// <summary>Most sub-devices kept.</summary>
    public const int MaxSubDevices = 16;
}

/// <summary>What a device is. Its <c>device_secret</c> and <c>nonce</c> are not read.</summary>
/// <param name="Domain">0 aircraft, 1 payload, 2 remote control, 3 dock; null in the oldest form.</param>
/// <param name="Type">Model, within the domain.</param>
/// <param name="SubType">Variant of the model.</param>
/// <param name="ThingVersion">Of its thing model; <c>version</c> in the oldest form.</param>
public sealed record DjiThing(int? Domain, int? Type, int? SubType, string? ThingVersion)
{
    /// <summary>For example <c>3-1-0</c>; null when a part of it was not sent.</summary>
    public string? ModelKey => Domain is { } domain && Type is { } type && SubType is { } sub ? $"{domain}-{type}-{sub}" : null;
}

/// <summary>A device behind a gateway.</summary>
/// <param name="Sn">Its serial number.</param>
/// <param name="Index">Of the link, for example <c>A</c>; null when blank.</param>
/// <param name="Thing">What it is.</param>
public sealed record DjiSubDevice(string Sn, string? Index, DjiThing Thing);

/// <summary><c>storage_config_get</c>: a dock asks where to put what it has.</summary>
/// <param name="Module">0 media, 1 resources of PSDK payloads; null when it did not say.</param>
public sealed record DjiStorageAsked(int? Module) : DjiUp;

/// <summary>
/// <c>flighttask_resource_get</c>, <c>flighttask_progress_get</c>, <c>flight_areas_get</c> or <c>offline_map_get</c>: questions for what a
/// platform may not have.
/// </summary>
/// <param name="Method">Which.</param>
public sealed record DjiFlightAsked(string Method) : DjiUp
{
    /// <summary>
    /// Whether "nothing" is an answer. Areas and maps get a plain success without any list: an empty list would erase what the aircraft
    /// has. A task's file or state cannot be nothing, so there it has to be an error.
    /// </summary>
    public bool MayBeNothing => Method is "flight_areas_get" or "offline_map_get";
}
