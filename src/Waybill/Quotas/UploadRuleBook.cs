using Dapper;
using Waybill.Data;
using Waybill.Devices;

namespace Waybill.Quotas;

/// <summary>The rules in memory, since every upload asks for them. What another node changed shows after two seconds.</summary>
sealed class UploadRuleBook(Database database, TimeProvider clock, ILogger<UploadRuleBook> logger)
    : PeriodicJob(TimeSpan.FromSeconds(2), clock, logger)
{
    readonly Lock _gate = new();
    readonly TimeProvider _clock = clock;
    UploadRuleSet _current = UploadRuleSet.Empty;
    long _read = -1;

    public UploadRuleSet Current => Volatile.Read(ref _current);

    /// <summary>Before the line starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <param name="product">Whose.</param>
    /// <param name="device">Whose; <see cref="UploadRuleSet.WholeProduct"/> for the product's.</param>
    /// <param name="rules">Null takes them away.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task PutAsync(Product product, long device, UploadRules? rules, CancellationToken ct)
    {
        var row = new { product = product.Id, device, now = _clock.GetUtcNow().ToUnixTimeMilliseconds() };
        await database.WriteAsync(
            async db =>
            {
                await db.RunAsync("delete from upload_rules where product_id = @product and device_id = @device", row);
                if (rules is not null)
                    await db.RunAsync(
                        """
                        insert into upload_rules
                          (product_id, device_id, max_files, max_bytes, per_hour, max_size, types, keep_days, keep_newest, updated_at)
                        values (@product, @device, @MaxFiles, @MaxBytes, @PerHour, @MaxSize, @TypesText, @KeepDays, @KeepNewest, @now)
                        """,
                        new
                        {
                            row.product,
                            row.device,
                            rules.MaxFiles,
                            rules.MaxBytes,
                            rules.PerHour,
                            rules.MaxSize,
                            rules.TypesText,
                            rules.KeepDays,
                            rules.KeepNewest,
                            row.now,
                        });
                return await db.RunAsync("update sequences set next = next + 1 where name = 'upload_rules'");
            },
            ct);
        lock (_gate)
            _current = _current.With(product.Name, device, rules);
    }

    /// <summary>The product is gone, and its rules with it.</summary>
    public void Forget(string product)
    {
        lock (_gate)
            _current = _current.Without(product);
    }

    protected override async Task RunAsync(CancellationToken ct)
    {
        // the count first: a change between the two reads is read again
        var changes = await database.FirstAsync<long>("select next from sequences where name = 'upload_rules'", null, ct);
        if (changes == _read)
            return;
        await using var db = await database.ReadAsync(ct);
        var all = await db.QueryAsync<UploadRules, Place, (Place Place, UploadRules Rules)>(
            $"""
            select {UploadRules.Columns}, p.name as product, r.device_id as device
            from upload_rules r join products p on p.id = r.product_id
            """,
            (rules, place) => (place, rules),
            splitOn: "product");
        lock (_gate)
            _current = UploadRuleSet.Of(all.Select(r => ((r.Place.Product, r.Place.Device), r.Rules)));
        _read = changes;
    }

    sealed record Place(string Product, long Device);
}
