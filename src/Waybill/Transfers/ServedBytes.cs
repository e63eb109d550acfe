using Waybill.Line;
using Waybill.Objects;

namespace Waybill.Transfers;

/// <summary>
/// What was served and is not recorded yet. A device that fetches in small ranges makes many requests a second: of one
/// transfer there is at most one message on the line, which takes along all that was served until it is decided.
/// </summary>
sealed class ServedBytes(Inbox inbox)
{
    readonly Lock _gate = new();
    readonly Dictionary<long, RangeSet> _noted = [];

    public void Note(long transferId, RangeSet served)
    {
        lock (_gate)
        {
            if (_noted.TryGetValue(transferId, out var noted))
            {
                noted.Add(served);
                return;
            }
            _noted.Add(transferId, served);
        }
        inbox.PostFollowing(new BytesServed(transferId, this));
    }

    public RangeSet Take(long transferId)
    {
        lock (_gate)
            return _noted.Remove(transferId, out var served) ? served : RangeSet.Empty;
    }
}
