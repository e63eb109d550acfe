using System.Runtime.InteropServices;

namespace Waybill.Events;

/// <summary>
/// Who listens to what: four lookups for an event, however many listen to other devices. Belongs to the feed's loop.
/// </summary>
sealed class EventAudience
{
    readonly Dictionary<(string? Product, string? Device), HashSet<EventListener>> _byNames = [];

    public int Count { get; private set; }

    public IEnumerable<EventListener> All => _byNames.Values.SelectMany(l => l);

    public void Add(EventListener listener)
    {
        ref var listeners = ref CollectionsMarshal.GetValueRefOrAddDefault(_byNames, KeyOf(listener), out _);
        if ((listeners ??= []).Add(listener))
            Count++;
    }

    public void Remove(EventListener listener)
    {
        if (!_byNames.TryGetValue(KeyOf(listener), out var listeners) || !listeners.Remove(listener))
            return;
        Count--;
        if (listeners.Count == 0)
            _byNames.Remove(KeyOf(listener));
    }

    public bool Wants(EventRow row, EventDevice device) => Of(device).Any(l => l.Filter.Wants(row, device));

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

    static (string?, string?) KeyOf(EventListener listener) => (listener.Filter.Product, listener.Filter.Device);
}
