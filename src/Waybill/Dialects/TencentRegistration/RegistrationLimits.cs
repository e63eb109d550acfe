using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Waybill.Dialects.TencentRegistration;

/// <summary>
/// So that product secrets cannot be tried out and devices cannot be made in a flood. An address has its requests and its wrong
/// signatures. Once a product has met too many wrong ones, addresses that sent some are not heard; others still are, so that
/// nobody can lock a product's devices out.
/// </summary>
sealed class RegistrationLimits(TimeProvider clock)
{
    public const int RequestsAtOnce = 100;
    public const int WrongAtOnce = 20;

    readonly RateBuckets<UInt128> _requests = new(RequestsAtOnce, perSecond: 10, clock);
    readonly RateBuckets<UInt128> _wrong = new(WrongAtOnce, perSecond: 0.5, clock);
    readonly RateBuckets<string> _wrongOfProduct = new(burst: 200, perSecond: 2, clock);
    readonly RateBuckets<long> _proven = new(burst: 200, perSecond: 20, clock);

    public void Request(IPAddress? address)
    {
        if (!_requests.TryAdd(Key(address)))
            throw TooMany("too many requests from this address");
    }

    /// <summary>Before a signature is looked at.</summary>
    public void Signature(IPAddress? address, string product)
    {
        var key = Key(address);
        if (_wrong.IsFull(key) || (_wrongOfProduct.IsFull(product) && !_wrong.IsEmpty(key)))
            throw TooMany("too many wrong signatures");
    }

    public void Wrong(IPAddress? address, string product)
    {
        _wrong.TryAdd(Key(address));
        _wrongOfProduct.TryAdd(product);
    }

    /// <summary>Before a secret is given: how fast the holders of a product's secret may take them.</summary>
    public void Proven(long product)
    {
        if (!_proven.TryAdd(product))
            throw TooMany("too many registrations of this product at once");
    }

    /// <summary>One subscriber: an IPv4 address, or an IPv6 network of 64 bits.</summary>
    static UInt128 Key(IPAddress? address)
    {
        if (address is null)
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : (UInt128)BinaryPrimitives.ReadUInt64BigEndian(bytes) << 64;
    }

    static RefusedException TooMany(string text) => new("too_many", text);
}
