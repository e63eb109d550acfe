using System.Security.Cryptography;
using System.Text;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What a product of docks answers with.</summary>
sealed record DjiProduct
{
    /// <summary>False: another server answers; this one only listens and gives its own commands.</summary>
    public bool IsOwner { get; init; } = true;

    /// <summary>The vendor's licence; null: the product has none, and no dock comes online.</summary>
    public DjiConfig? Licence { get; init; }

    /// <summary>What answers nothing that needs more than its rules.</summary>
    public static DjiProduct Of(DeviceIdentity device) => new() { IsOwner = !device.IsShared };

    public IReadOnlyList<Organization> Organizations { get; init; } = [];

    /// <summary>Who belongs to whom, by serial number.</summary>
    public IReadOnlyDictionary<string, Binding> Bindings { get; init; } = new Dictionary<string, Binding>(StringComparer.Ordinal);
}

/// <summary>
/// Answers what docks ask until they are there, and everything else that wants an answer: a dock that gets none waits, or repeats itself
/// without end (quirks D4, D10). Storage alone is asked for elsewhere, since credentials are made for it.
/// </summary>
static class DjiWelcome
{
    /// <summary>Null where nothing is to be said.</summary>
    public static DjiAnswer? Answer(DjiTopicKind kind, DjiEnvelope envelope, DjiUp said, DjiProduct product)
    {
        if (!product.IsOwner || !envelope.WantsAnswer(kind))
            return null;
        return said switch
        {
            DjiConfigAsked => (DjiAnswer?)product.Licence ?? new DjiResult(DjiErrorCodes.NotPossible),
            DjiBindStatusAsked(var sns) => new DjiBindStatus([.. sns.Select(sn => Bound(sn, product.Bindings.GetValueOrDefault(sn)))]),
            DjiOrganizationAsked asked => Find(product, asked.OrganizationId, asked.BindingCode, out var code) is { } found ? new DjiOrganization(found.Name, found.Id) : new DjiResult(code),
            DjiBindAsked(var devices) => new DjiBindOutcome([.. devices.Select(d => new DjiBindCode(d.Sn, Find(product, d.OrganizationId, d.BindingCode, out var code) is null ? code : 0))]),
            DjiFlightAsked { MayBeNothing: false } => new DjiResult(DjiErrorCodes.NotPossible),
            _ => new DjiResult(0),
        };
    }

    /// <summary>Those that are to be recorded before the answer is given.</summary>
    public static IReadOnlyList<Binding> Bindings(DjiBindAsked asked, DjiProduct product) =>
        [.. from device in asked.Devices
            let organization = Find(product, device.OrganizationId, device.BindingCode, out _)
            where organization is not null
            select new Binding(device.Sn, organization, device.Callsign ?? "")];

    static DjiBound Bound(string sn, Binding? binding) =>
        new(sn, binding is null ? null : new(binding.Organization.Name, binding.Organization.Id), binding?.Callsign ?? "");

    /// <summary>Null, and why, when there is no such organization or the code is not its own.</summary>
    static Organization? Find(DjiProduct product, string? id, string? code, out int error)
    {
        var found = product.Organizations.FirstOrDefault(o => o.Id == id);
        error = found is null ? DjiErrorCodes.NoOrganization : DjiErrorCodes.BadBindingCode;
        return found is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(found.BindingCode), Encoding.UTF8.GetBytes(code ?? "")) ? found : null;
    }
}
