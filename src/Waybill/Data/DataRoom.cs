namespace Waybill.Data;

static class DataRoom
{
    /// <summary>The opened and migrated database, and what is derived from it.</summary>
    public static async Task<IServiceCollection> AddDataAsync(this IServiceCollection services, Database database, CancellationToken ct)
    {
        await database.MigrateAsync(ct);
        var (urls, tokens) = (await database.KeyAsync("urls", ct), await database.KeyAsync("app-tokens", ct));
        services.AddKeyedSingleton(SealedText.Secrets, new SealedText(await database.KeyAsync(SealedText.Secrets, ct)));
        return services.AddSingleton(database).AddSingleton<Ids>().AddSingleton(new Seal(urls)).AddSingleton(new SealedText(tokens));
    }
}
