namespace Waybill.Events;

/// <summary>Which events somebody wants, or may have; null: all. States are numbers as in <see cref="EventRow"/>.</summary>
sealed record EventFilter(IReadOnlyList<string>? Products = null, IReadOnlyList<string>? Devices = null, IReadOnlySet<short>? States = null)
{
    public static EventFilter Everything { get; } = new();

    public bool Wants(EventRow row) => States is null || States.Contains(row.State);
}
