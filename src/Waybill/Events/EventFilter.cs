namespace Waybill.Events;

/// <summary>Which events somebody wants; null: no matter. States are numbers as in <see cref="EventRow"/>.</summary>
sealed record EventFilter(string? Product = null, string? Device = null, IReadOnlySet<short>? States = null)
{
    public static EventFilter Everything { get; } = new();

    public bool Wants(EventRow row) => States is null || States.Contains(row.State);
}
