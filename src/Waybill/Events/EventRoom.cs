using Waybill.Data;

namespace Waybill.Events;

static class EventRoom
{
    /// <summary>The feed of what happened. Who renders events is registered as <see cref="WriteEvent"/>.</summary>
    public static async Task<IServiceCollection> AddEventsAsync(
        this IServiceCollection services, EventSettings settings, Database database, CancellationToken ct)
    {
        services.AddSingleton(settings)
            .AddSingleton<EventLog>()
            .AddSingleton<EventNames>()
            .AddSingleton<EventFrames>()
            .AddSingleton<EventFollowing>()
            .AddSingleton<EventFeed>()
            .AddHostedService(s => s.GetRequiredService<EventFeed>())
            .AddHostedService<EventRetention>();
        if (database is SqliteDatabase)
            return services.AddSingleton<EventRows, SqliteEventRows>();
        await PostgresEventRows.AlignAsync(database, ct);
        return services.AddSingleton<EventRows, PostgresEventRows>();
    }
}
