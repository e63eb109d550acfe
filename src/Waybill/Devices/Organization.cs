namespace Waybill.Devices;

/// <summary>To whom gateways belong. Its text shows no binding code.</summary>
/// <param name="Id">As typed where a gateway is set up.</param>
/// <param name="Name">For people.</param>
/// <param name="BindingCode">Who knows it may bind.</param>
sealed record Organization(string Id, string Name, string BindingCode)
{
    public override string ToString() => $"{nameof(Organization)} {{ {nameof(Id)} = {Id}, {nameof(Name)} = {Name} }}";
}

/// <summary>A gateway, or a device behind one, that belongs to an organization.</summary>
sealed record Binding(string Sn, Organization Organization, string Callsign);
