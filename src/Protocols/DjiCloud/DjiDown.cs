namespace Waybill.Protocols.DjiCloud;

/// <summary>What the platform says in <c>data</c>. Topic and method tell them apart.</summary>
public abstract record DjiDown;

/// <summary>An answer of the platform, in the order of the conversation.</summary>
public abstract record DjiAnswer : DjiDown;

/// <summary>A plain result: to events, states and topology, and to requests with nothing more to say.</summary>
/// <param name="Code">0, or an error code.</param>
public sealed record DjiResult(int Code) : DjiAnswer;

/// <summary>To <c>config</c>: flat, and without a result. Its text shows no secret.</summary>
/// <param name="AppId">As the vendor's developer site gave it.</param>
/// <param name="AppKey">Likewise.</param>
/// <param name="AppLicense">Likewise; a dock has it verified by the vendor and disconnects when it is wrong.</param>
/// <param name="NtpHost">A time server the dock can reach.</param>
/// <param name="NtpPort">Its port.</param>
public sealed record DjiConfig(string AppId, string AppKey, string AppLicense, string NtpHost, int NtpPort = DjiConfig.DefaultNtpPort) : DjiAnswer
{
    /// <summary>What a dock takes when none was sent.</summary>
    public const int DefaultNtpPort = 123;

    /// <summary>Only what is no secret.</summary>
    public override string ToString() => $"{nameof(DjiConfig)} {{ {nameof(AppId)} = {AppId}, {nameof(NtpHost)} = {NtpHost}, {nameof(NtpPort)} = {NtpPort} }}";
}

/// <summary>To <c>airport_bind_status</c>.</summary>
/// <param name="Devices">One for each that was asked for.</param>
public sealed record DjiBindStatus(IReadOnlyList<DjiBound> Devices) : DjiAnswer;

/// <summary>Whether a device belongs to an organization.</summary>
/// <param name="Sn">As asked.</param>
/// <param name="Organization">Null: it does not.</param>
/// <param name="Callsign">What people call it.</param>
public sealed record DjiBound(string Sn, DjiOrganization? Organization, string Callsign);

/// <summary>To <c>airport_organization_get</c>, which tells the name alone.</summary>
/// <param name="Name">For people.</param>
/// <param name="Id">Empty where only the name was told.</param>
public sealed record DjiOrganization(string Name, string Id = "") : DjiAnswer;

/// <summary>To <c>airport_organization_bind</c>.</summary>
/// <param name="Devices">One for each that was to be bound.</param>
public sealed record DjiBindOutcome(IReadOnlyList<DjiBindCode> Devices) : DjiAnswer;

/// <summary>How the binding of one device went.</summary>
/// <param name="Sn">As asked.</param>
/// <param name="Code">0, or one of the codes of bindings in <see cref="DjiErrorCodes"/>.</param>
public sealed record DjiBindCode(string Sn, int Code);

/// <summary>To <c>storage_config_get</c>; on the wire the credentials' end is a number of seconds from now.</summary>
/// <param name="Storage">Where.</param>
/// <param name="Prefix">Of every key there.</param>
public sealed record DjiMediaStorage(DjiStorage Storage, string Prefix) : DjiAnswer;
