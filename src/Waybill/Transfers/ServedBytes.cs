using Waybill.Line;
using Waybill.Objects;

namespace Waybill.Transfers;

/// <summary>
/// What was served and is not recorded yet. A device that fetches in small ranges makes many requests a second: of one
/// transfer there is at most one message on the line, which takes along all that was served until it is decided, and the
/// next waits a moment, unless the end of the object was served: a device that has everything says so at once.
/// </summary>
sealed class ServedBytes(Inbox inbox, TimeProvider clock)
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    readonly Lock _gate = new();
    readonly Dictionary<long, Noted> _noted = [];

    public void Note(long transferId, long size, RangeSet served)
    {
        lock (_gate)
        {
            if (!_noted.TryGetValue(transferId, out var noted))
                _noted.Add(transferId, noted = new());
            noted.Served.Add(served);
            if (noted.OnTheLine || noted.Resting && !served.Includes(size - 1))
                return;
            noted.OnTheLine = true;
        }
        inbox.PostFollowing(new BytesServed(transferId, this));
    }

    public RangeSet Take(long transferId)
    {
        lock (_gate)
        {
            if (!_noted.TryGetValue(transferId, out var noted))
                return RangeSet.Empty;
            var served = noted.Served;
            var resting = noted.Resting;
            _noted[transferId] = new() { Resting = true };
            if (!resting)
                _ = RestAsync(transferId);
            return served;
        }
    }

    async Task RestAsync(long transferId)
    {
        await Task.Delay(Moment, clock);
        lock (_gate)
        {
            var noted = _noted[transferId];
            noted.Resting = false;
            if (noted.Served.IsEmpty)
                _noted.Remove(transferId);
            if (noted.Served.IsEmpty || noted.OnTheLine)
                return;
            noted.OnTheLine = true;
        }
        inbox.PostFollowing(new BytesServed(transferId, this));
    }

    sealed class Noted
    {
        public RangeSet Served { get; } = new();

        public bool OnTheLine { get; set; }

        public bool Resting { get; set; }
    }
}
