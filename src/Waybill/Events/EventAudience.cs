using System.Runtime.InteropServices;

namespace Waybill.Events;

/// <summary>
/// Who listens to what: four lookups for an event, however many listen to other devices. Belongs to the feed's loop.
/// </summary>
sealed class EventAudience
{
    static readonly string?[] s_any = [null];

    readonly HashSet<EventListener> _all = [];
    readonly Dictionary<(string? Product, string? Device), HashSet<EventListener>> _byNames = [];

    public int Count => _all.Count;

    public IEnumerable<EventListener> All => _all;

    public void Add(EventListener listener)
    {
        _all.Add(listener);
        foreach (var key in KeysOf(listener))
        {
            ref var listeners = ref CollectionsMarshal.GetValueRefOrAddDefault(_byNames, key, out _);
            (listeners ??= []).Add(listener);
        }
    }

    public void Remove(EventListener listener)
    {
        if (!_all.Remove(listener))
            return;
        foreach (var key in KeysOf(listener))
        {
            if (_byNames[key].Remove(listener) && _byNames[key].Count == 0)
                _byNames.Remove(key);
        }
    }

    public bool Wants(EventRow row, EventDevice device) => Of(device).Any(l => l.Filter.Wants(row));

    /// <summary>Each once: a listener's keys are all of one shape.</summary>
    public IEnumerable<EventListener> Of(EventDevice device)
    {
        foreach (var key in ((string?, string?)[])[(null, null), (device.Product, null), (device.Product, device.Device), (null, device.Device)])
        {
            if (!_byNames.TryGetValue(key, out var listeners))
                continue;
            foreach (var listener in listeners)
                yield return listener;
        }
    }

    static IEnumerable<(string? Product, string? Device)> KeysOf(EventListener listener) =>
        from product in Each(listener.Filter.Products)
        from device in Each(listener.Filter.Devices)
        select (product, device);

    static IEnumerable<string?> Each(IReadOnlyList<string>? names) => names?.Distinct() ?? s_any;
}
