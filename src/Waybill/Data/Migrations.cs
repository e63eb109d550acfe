using System.Data.Common;
using System.Reflection;

namespace Waybill.Data;

/// <summary>Numbered, forward-only SQL files inside the executable: <c>0001-name.sql</c>, applied in order, each once.</summary>
static class Migrations
{
    /// <summary>Applies what is missing, inside the caller's transaction and lock; words in braces are replaced by the engine's.</summary>
    public static async Task ApplyAsync(DbConnection db, IReadOnlyDictionary<string, string> engineWords)
    {
        await db.RunAsync("create table if not exists migrations (number integer not null primary key, name text not null, applied_at bigint not null)");
        var applied = await db.FirstAsync<int>("select coalesce(max(number), 0) from migrations");
        var known = Numbered();
        if (applied > known.Count)
            throw new InvalidOperationException(
                $"The database was migrated by a newer Waybill (migration {applied}, this one knows {known.Count}): start that version or restore a backup.");
        foreach (var (number, name) in known.Where(m => m.Number > applied))
        {
            await db.RunAsync(engineWords.Aggregate(Text(name), (sql, word) => sql.Replace(word.Key, word.Value, StringComparison.Ordinal)));
            await db.RunAsync(
                "insert into migrations (number, name, applied_at) values (@number, @name, @now)",
                new { number, name, now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
        }
    }

    static IReadOnlyList<(int Number, string Name)> Numbered() =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select((name, i) => (i + 1, name))];

    static string Text(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
