namespace Waybill.Data;

static class DataRoom
{
    /// <summary>The opened and migrated database, and what is derived from it.</summary>
    public static async Task<IServiceCollection> AddDataAsync(this IServiceCollection services, Database database, CancellationToken ct)
    {
        await database.MigrateAsync(ct);
        var key = await database.KeyAsync("urls", ct);
        return services.AddSingleton(database).AddSingleton<Ids>().AddSingleton(new Seal(key));
    }
}
