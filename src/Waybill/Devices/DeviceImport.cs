using System.Data.Common;
using Waybill.Data;
using Waybill.Devices.Gateways;

namespace Waybill.Devices;

sealed record ImportFailure(int Line, string Reason);

/// <summary>All that failed are counted, the first thousand named.</summary>
sealed record ImportOutcome(int Created, int Updated, IReadOnlyList<ImportFailure> Failed, int FailedCount);

/// <summary>Devices from CSV, <c>name,secret[,tag…]</c>, in slices short enough that devices do not wait for them.</summary>
sealed class DeviceImport(Database database, Ids ids, TimeProvider clock)
{
    const int Slice = 100;
    const int MostFailures = 1000;
    const int MostTags = 32;

    /// <param name="product">Whose devices.</param>
    /// <param name="text">The CSV.</param>
    /// <param name="scope">What the caller may be told of.</param>
    /// <param name="ct">Ends it between slices.</param>
    public async Task<ImportOutcome> RunAsync(Product product, TextReader text, Scope scope, CancellationToken ct)
    {
        var csv = new CsvReader(text);
        var tagNames = Header(await csv.ReadAsync(ct));
        var (counts, slice) = (new Counts(scope), new List<Row>(Slice));
        while (await csv.ReadAsync(ct) is { } record)
        {
            if (Reject(record, tagNames, product.Dialects) is { } reason)
                counts.Fail(record.Line, reason);
            else
                slice.Add(new(record.Line, record.Cells[0], record.Cells[1], TagsOf(record, tagNames)));
            if (slice.Count < Slice)
                continue;
            await SaveAsync(product, slice, counts, ct);
            slice.Clear();
        }
        await SaveAsync(product, slice, counts, ct);
        return counts.Outcome;
    }

    static List<string> Header(CsvRecord? record)
    {
        var tags = record is { Mistake: null, Cells: ["name", "secret", ..] } ? record.Cells.Skip(2).ToList() : null;
        if (tags is null || tags.Count > MostTags || !tags.TrueForAll(Tags.IsName) || tags.Distinct(StringComparer.Ordinal).Count() != tags.Count)
            throw new RefusedException("csv_header", "The first line must be name,secret and then the names of at most 32 different tags.");
        return tags;
    }

    static string? Reject(CsvRecord record, List<string> tagNames, IReadOnlyList<string> dialects)
    {
        if (record.Mistake is not null)
            return record.Mistake;
        if (record.Cells.Count != tagNames.Count + 2)
            return $"{record.Cells.Count} cells where the header has {tagNames.Count + 2}";
        if (!RegistryNames.IsDevice(record.Cells[0]))
            return $"the name must be {RegistryNames.Device}";
        if (record.Cells[1].Length > 0 && !DeviceSecret.IsValid(record.Cells[1], dialects))
            return $"the secret must be {DeviceSecret.AllowedIn(dialects)}";
        return record.Cells.Skip(2).All(Tags.IsValue) ? null : $"tags: {Tags.Allowed}";
    }

    static string? TagsOf(CsvRecord record, List<string> names) => names.Count == 0
        ? null
        : Tags.Write(names.Zip(record.Cells.Skip(2)).Where(t => t.Second.Length > 0).ToDictionary(t => t.First, t => t.Second));

    async Task SaveAsync(Product product, List<Row> slice, Counts counts, CancellationToken ct)
    {
        if (slice.Count == 0)
            return;
        var first = await ids.TakeAsync(slice.Count, ct);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        // in one order everywhere, so that two imports do not lock each other out
        slice.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var saved = await database.WriteAsync(
            async db =>
            {
                var made = new List<Saved>(slice.Count);
                foreach (var (i, row) in slice.Index())
                {
                    var holder = product.IsDji ? await SerialNumbers.HolderAsync(db, product.Id, row.Name) : null;
                    var values = new { id = first + i, product = product.Id, name = row.Name, row.Secret, tags = row.Tags ?? "{}", now };
                    made.Add(holder is null ? new(await SaveAsync(db, values, row), null) : new(null, new(row.Name, holder)));
                }
                return made;
            },
            ct);
        foreach (var (row, made) in slice.Zip(saved))
            counts.Add(row.Line, made);
    }

    /// <summary>True: made, false: changed, null: there is no such device and nothing to make it with.</summary>
    static async ValueTask<bool?> SaveAsync(DbConnection db, object values, Row row)
    {
        if (row.Secret.Length == 0)
        {
            var tags = row.Tags is null ? "" : "tags = @tags, ";
            return await db.RunAsync($"update devices set {tags}updated_at = @now where product_id = @product and name = @name", values) == 1 ? false : null;
        }
        return await db.FirstAsync<long>(
            $"""
            insert into devices (id, product_id, name, sn, secret, tags, created_at, updated_at)
            values (@id, @product, @name, {SerialNumbers.OfNew}, @Secret, @tags, @now, @now)
            on conflict (product_id, name) do update set secret = excluded.secret, previous_secret = null, previous_secret_until = null,
              {(row.Tags is null ? "" : "tags = excluded.tags, ")}updated_at = excluded.updated_at
            returning case when id = @id then 1 else 0 end
            """,
            values) == 1;
    }

    sealed record Saved(bool? IsNew, SerialTakenException? Taken);

    sealed record Row(int Line, string Name, string Secret, string? Tags);

    sealed class Counts(Scope scope)
    {
        readonly List<ImportFailure> _failed = [];
        int _created, _updated, _failures;

        public ImportOutcome Outcome => new(_created, _updated, [.. _failed.OrderBy(f => f.Line)], _failures);

        public void Add(int line, Saved saved)
        {
            if (saved.Taken is { } taken)
                Fail(line, taken.TextFor(scope));
            else if (saved.IsNew is not { } isNew)
                Fail(line, "the device is new, and a new device needs a secret");
            else if (isNew)
                _created++;
            else
                _updated++;
        }

        public void Fail(int line, string reason)
        {
            _failures++;
            if (_failed.Count < MostFailures)
                _failed.Add(new(line, reason));
        }
    }
}
