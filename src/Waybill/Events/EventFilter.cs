namespace Waybill.Events;

/// <summary>Which events somebody wants; null: no matter. States are numbers as in <see cref="EventRow"/>.</summary>
sealed record EventFilter(string? Product = null, string? Device = null, IReadOnlySet<short>? States = null)
{
    public static EventFilter Everything { get; } = new();

    /// <summary>The products that may be seen at all; null: all.</summary>
    public IReadOnlyList<string>? Products { get; init; }

    /// <summary>The devices that may be seen at all; null: all.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    public bool NamesDevices => this is not { Product: null, Device: null, Products: null, Devices: null };

    public bool Wants(EventRow row) => States is null || States.Contains(row.State);

    public bool Wants(EventRow row, EventDevice device) => Wants(row)
        && (Products is null || Products.Contains(device.Product, StringComparer.Ordinal))
        && (Devices is null || Devices.Contains(device.Device, StringComparer.Ordinal));
}
