namespace Waybill.Devices;

/// <summary>Which products, and which of their devices. Null is all. What is outside does not exist for who is inside.</summary>
sealed record Scope(IReadOnlyList<string>? Products, IReadOnlyList<string>? Devices)
{
    public static Scope Everything { get; } = new(null, null);

    public bool IsEverything => this is { Products: null, Devices: null };

    public bool Covers(string product) => Products is null || Products.Contains(product, StringComparer.Ordinal);

    public bool Covers(string product, string device) => Covers(product) && (Devices is null || Devices.Contains(device, StringComparer.Ordinal));

    /// <exception cref="RefusedException">As if there were none.</exception>
    public void Demand(string product, string? device)
    {
        if (!Covers(product))
            throw ProductRegistry.NotFound(product);
        if (device is not null && !Covers(product, device))
            throw DeviceRegistry.NotFound(device);
    }
}
