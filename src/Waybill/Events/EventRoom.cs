using Waybill.Data;

namespace Waybill.Events;

static class EventRoom
{
    /// <summary>The feed of what happened; before the rooms that write into it.</summary>
    public static async Task<IServiceCollection> AddEventsAsync(this IServiceCollection services, Database database, CancellationToken ct)
    {
        services.AddSingleton<EventLog>().AddSingleton<EventNames>();
        if (database is SqliteDatabase)
            return services.AddSingleton<EventRows, SqliteEventRows>();
        await PostgresEventRows.AlignAsync(database, ct);
        return services.AddSingleton<EventRows, PostgresEventRows>();
    }
}
