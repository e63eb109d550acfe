using Waybill.Link;

namespace Waybill.Devices.Gateways;

/// <summary>Who came in with the login of a whole product: which of its gateways it is shows by the topics it uses.</summary>
/// <param name="Product">Its name.</param>
/// <param name="Dialects">The product's.</param>
/// <param name="DeviceUrl">The product's.</param>
/// <param name="Devices">Of the product, enabled; the same for all connections.</param>
sealed record ProductLogin(string Product, IReadOnlyList<string> Dialects, string? DeviceUrl, ProductDevices Devices)
{
    /// <summary>Row id of the product.</summary>
    public required long ProductId { get; init; }

    /// <summary>What it came in with. Another user or version in the registry means that it has to come in anew.</summary>
    public required string User { get; init; }

    /// <summary>Another one with each password.</summary>
    public required long Version { get; init; }

    /// <summary>Null when the product has no such device, or a disabled one.</summary>
    public DeviceIdentity? Find(string sn) => Devices.Find(sn);
}
