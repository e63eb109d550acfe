using System.Threading.Channels;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>Room for the newest offer. What is being fetched is not offered again.</summary>
sealed class HubOfferSlot
{
    readonly Channel<HubOffer> _offers = Channel.CreateBounded<HubOffer>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Lock _lock = new();
    HubResource? _fetching;

    public void Put(HubOffer offer)
    {
        lock (_lock)
        {
            if (_fetching != offer.Resource)
                _offers.Writer.TryWrite(offer);
        }
    }

    /// <summary>Waits for an offer, which is being fetched from now on.</summary>
    public async Task<HubOffer> TakeAsync(CancellationToken ct)
    {
        var offer = await _offers.Reader.ReadAsync(ct);
        lock (_lock)
        {
            _fetching = offer.Resource;
            if (_offers.Reader.TryRead(out var meanwhile))
                Put(meanwhile);
        }
        return offer;
    }

    /// <summary>Nothing is being fetched any more.</summary>
    public void Finished()
    {
        lock (_lock) _fetching = null;
    }

    /// <summary>Forgets what was offered before.</summary>
    public void Clear() => _offers.Reader.TryRead(out _);
}
