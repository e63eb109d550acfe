using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Waybill.Mqtt.Broker;

/// <summary>How many connections there may be, in all and of one address (of one /64 in IPv6).</summary>
sealed class ConnectionLimits(MqttBrokerOptions options)
{
    readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    int _all;

    /// <summary>Takes one of all places; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _all) <= options.MaximumConnections || options.MaximumConnections <= 0) return true;
        GiveBack();
        return false;
    }

    public void GiveBack() => Interlocked.Decrement(ref _all);

    /// <summary>Takes a place, also of those of an address; false when there is none. Who arrived has one of all already, which is then this one's.</summary>
    public bool TryEnter(EndPoint? from, Arrival? arrival = null)
    {
        if (arrival?.Come() != true && !TryTake()) return false;
        if (KeyOf(from) is not { } key || _byAddress.AddOrUpdate(key, 1, static (_, count) => count + 1) <= options.MaximumConnectionsPerAddress) return true;
        Leave(from);
        return false;
    }

    public void Leave(EndPoint? from)
    {
        GiveBack();
        if (KeyOf(from) is not { } key) return;
        if (_byAddress.AddOrUpdate(key, 0, static (_, count) => count - 1) == 0) _byAddress.TryRemove(KeyValuePair.Create(key, 0));
    }

    IPAddress? KeyOf(EndPoint? from)
    {
        if (options.MaximumConnectionsPerAddress <= 0 || from is not IPEndPoint { Address: var address }) return null;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
