using System.Data.Common;

namespace Waybill.Events;

/// <summary>How events are appended, and which of them can be told: the one place where the two databases differ.</summary>
abstract class EventRows
{
    TaskCompletionSource? _committed;

    /// <summary>How often one must look for what other nodes committed.</summary>
    public abstract TimeSpan Poll { get; }

    /// <summary>SQL: no event that is committed later will stand before the row.</summary>
    public abstract string IsSettled { get; }

    /// <summary>In the transaction that makes the facts true; once in each transaction.</summary>
    public abstract ValueTask AppendAsync(DbConnection db, IReadOnlyList<EventRow> rows);

    /// <summary>The same for events of objects, by a statement of their own: those of transfers are many and say nothing of objects.</summary>
    public abstract ValueTask AppendObjectsAsync(DbConnection db, IReadOnlyList<EventRow> rows);

    /// <summary>What was appended can be read now.</summary>
    public void Committed() => Interlocked.Exchange(ref _committed, null)?.TrySetResult();

    /// <summary>Completes at the next commit from now on.</summary>
    public Task NextCommitAsync()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _committed, fresh, null) ?? fresh).Task;
    }
}
