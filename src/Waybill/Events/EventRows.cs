using System.Data.Common;

namespace Waybill.Events;

/// <summary>How events are appended, and which of them can be told: the one place where the two databases differ.</summary>
abstract class EventRows
{
    /// <summary>SQL: no event that is committed later will stand before the row.</summary>
    public abstract string IsSettled { get; }

    /// <summary>In the transaction that makes the facts true; once in each transaction.</summary>
    public abstract ValueTask AppendAsync(DbConnection db, IReadOnlyList<EventRow> rows);
}
