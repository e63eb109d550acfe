using System.Data.Common;
using Waybill.Data;
using Waybill.Events;
using Xunit;

namespace Waybill.Tests.Events;

/// <summary>Transactions that overlap, as several nodes on one PostgreSQL make them.</summary>
public sealed class EventOrderTests
{
    [Theory]
    [InlineData("Ab A+ B+ Bc Ac")]
    [InlineData("Ab B+ A+ Bc Ac")]
    [InlineData("Ab B+ Bc A+ Ac")]
    [InlineData("A+ B+ Ac Bc")]
    [InlineData("Bb A+ B+ Ac Bc")]
    [InlineData("Ab B+ Bc C+ Cc A+ Ac")]
    [InlineData("Ab B+ Br A+ Ac")]
    public async Task A_reader_never_finds_an_event_below_its_cursor(string steps)
    {
        await using var house = await House.StartAsync();
        var database = house.Get<Database>();
        Assert.SkipWhen(database is SqliteDatabase, "SQLite has one writer.");
        var (log, rows) = (house.Get<EventLog>(), house.Get<EventRows>());
        var open = new Dictionary<char, (DbConnection Db, DbTransaction Transaction)>();
        var seen = new List<EventRow>();
        var cursor = await log.HeadAsync(House.Soon);
        foreach (var step in steps.Split(' '))
        {
            if (!open.ContainsKey(step[0]))
                open[step[0]] = await BeginAsync(database);
            await DoAsync(step, open[step[0]], rows);
            var page = await log.ReadAsync(cursor, EventFilter.Everything, 100, House.Soon);
            seen.AddRange(page.Rows);
            cursor = page.Next;
        }
        foreach (var (db, transaction) in open.Values)
        {
            await transaction.DisposeAsync();
            await db.DisposeAsync();
        }
        // the server's own transactions may hold up the last ones
        await house.SettledAsync();
        seen.AddRange((await log.ReadAsync(cursor, EventFilter.Everything, 100, House.Soon)).Rows);
        Assert.Equal(steps.Split(' ').Where(s => s[1] == 'c').Select(s => (long)s[0]).Order(), seen.Select(e => e.DeviceId).Order());
        Assert.Equal(seen.Select(e => e.Id).Order(), seen.Select(e => e.Id));
    }

    static async Task<(DbConnection Db, DbTransaction Transaction)> BeginAsync(Database database)
    {
        var db = await database.ReadAsync(House.Soon);
        return (db, await db.BeginTransactionAsync(House.Soon));
    }

    /// <summary>Begin with a number of its own, append an event, commit, roll back.</summary>
    static async Task DoAsync(string step, (DbConnection Db, DbTransaction Transaction) on, EventRows rows)
    {
        switch (step[1])
        {
            case 'b':
                await on.Db.RunAsync("select pg_current_xact_id()");
                break;
            case '+':
                await rows.AppendAsync(on.Db, [new(0, step[0], 1, 1, 1)]);
                break;
            case 'c':
                await on.Transaction.CommitAsync(House.Soon);
                break;
            default:
                await on.Transaction.RollbackAsync(House.Soon);
                break;
        }
    }
}
