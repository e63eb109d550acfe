using System.Runtime.CompilerServices;

namespace Waybill.Events;

/// <summary>The feed from a cursor on: first what was, then what happens, nothing twice and nothing left out.</summary>
sealed class EventFollowing(EventLog log, EventFrames frames, EventFeed feed)
{
    const int PageSize = 500;

    /// <summary>
    /// Frames in bunches, the first perhaps a heartbeat that only tells the cursor. Ends when the reader is too slow: what it took
    /// last is the place to go on from.
    /// </summary>
    /// <param name="after">Null: from now on.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="ct">Ends it with an exception.</param>
    public async IAsyncEnumerable<IReadOnlyList<EventFrame>> FollowAsync(long? after, EventFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var cursor = after;
        for (var isLast = after is null; !isLast;)
        {
            var page = await log.ReadAsync(cursor, filter, PageSize, ct);
            (cursor, isLast) = (page.Next, page.IsLast);
            yield return await BunchAsync(page.Rows, page.Next, ct);
        }
        var listener = await feed.ListenAsync(filter, ct);
        try
        {
            var from = await listener.Admitted;
            // what came between the last page and the admission
            while (cursor < from)
            {
                var page = await log.ReadAsync(cursor, filter, PageSize, ct);
                cursor = page.Next == cursor ? from : Math.Min(page.Next, from);
                yield return await BunchAsync([.. page.Rows.Where(r => r.Id <= from)], cursor.Value, ct);
            }
            if (cursor is null)
                yield return [EventFrame.Heartbeat(from)];
            while (await listener.Frames.WaitToReadAsync(ct))
                yield return Waiting(listener, cursor ?? from);
        }
        finally
        {
            feed.Leave(listener);
        }
    }

    async ValueTask<IReadOnlyList<EventFrame>> BunchAsync(IReadOnlyList<EventRow> rows, long next, CancellationToken ct) =>
        [.. await frames.OfAsync(rows, ct), EventFrame.Heartbeat(next)];

    /// <summary>All that wait, but for those that were replayed already.</summary>
    static List<EventFrame> Waiting(EventListener listener, long seen)
    {
        var waiting = new List<EventFrame>();
        while (listener.Frames.TryRead(out var frame))
        {
            if (frame.Row.Id > seen || (frame.Device is null && frame.Row.Id == seen))
                waiting.Add(frame);
        }
        return waiting;
    }
}
