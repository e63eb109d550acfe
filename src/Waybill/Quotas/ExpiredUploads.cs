using Waybill.Data;

namespace Waybill.Quotas;

/// <summary>An upload that its device's rules keep no longer, or an object that it put into a bucket.</summary>
sealed record ExpiredUpload
{
    /// <summary>The transfer's; 0 for an object.</summary>
    public long Id { get; init; }

    public long BucketId { get; init; }

    /// <summary>Null for a transfer.</summary>
    public string? Bucket { get; init; }
    public string Device { get; init; } = "";

    /// <summary>Its name, or the object's key.</summary>
    public string File { get; init; } = "";
    public long Size { get; init; }

    /// <summary>When it was asked for, or put.</summary>
    public long CreatedAt { get; init; }

    /// <summary>The days it was kept for; null: it is not the age.</summary>
    public long? TooOld { get; init; }

    /// <summary>Among the device's kept uploads, the newest is 1.</summary>
    public long Place { get; init; }

    /// <summary>For people, and kept with the transfer.</summary>
    public string Reason => TooOld is { } days
        ? $"removed by retention: kept for {days} days"
        : $"removed by retention: {Place - 1} newer ones are kept";
}

/// <summary>Devices of a product from one name to another, in their order.</summary>
sealed record DeviceSpan(long Product, string After, string Last);

/// <summary>Finds uploads whose bytes the rules keep no longer, some devices at a time.</summary>
sealed class ExpiredUploads(Database database, TimeProvider clock)
{
    const int DevicesAtOnce = 200;

    // the rules are joined as they stand in the database: a device's own go before its product's as a whole
    const string Expired =
        """
        with ruled as (
          select d.id as device_id,
            case when o.product_id is null then p.keep_days else o.keep_days end as days,
            case when o.product_id is null then p.keep_newest else o.keep_newest end as newest
          from devices d
          left join upload_rules o on o.product_id = d.product_id and o.device_id = d.id
          left join upload_rules p on p.product_id = d.product_id and p.device_id = 0
          where d.product_id = @Product and d.name > @After and d.name <= @Last
        ), stored as (
          select t.id, 0 as bucket_id, '' as key, t.device_id, t.created_at, t.size, r.days, r.newest
          from ruled r join transfers t on t.device_id = r.device_id and t.kind = 0 and t.state = 10 and t.sha256 is not null
          union all
          select 0, o.bucket_id, o.key, o.device_id, o.modified_at, o.size, r.days, r.newest
          from ruled r join s3_objects o on o.device_id = r.device_id
        ), kept as (
          select id, bucket_id, key, device_id, created_at, size, days, newest,
            row_number() over (partition by device_id order by created_at desc, id desc) as place
          from stored
        ), expired as (
          select id, bucket_id, key, device_id, created_at, size, place, case when created_at < @now - days * 86400000 then days end as tooOld
          from kept where created_at < @now - days * 86400000 or place > newest
        )
        """;

    /// <summary>Products whose rules, or those of one of their devices, end the keeping.</summary>
    public ValueTask<IReadOnlyList<long>> ProductsAsync(CancellationToken ct) => database.ListAsync<long>(
        "select distinct product_id from upload_rules where keep_days is not null or keep_newest is not null order by product_id", null, ct);

    /// <summary>The next devices of a product; null: there are none.</summary>
    public async ValueTask<DeviceSpan?> NextAsync(long product, string after, CancellationToken ct)
    {
        var last = await database.FirstAsync<string>(
            """
            select max(name) from (select name from devices where product_id = @product and name > @after order by name limit @DevicesAtOnce) part
            """,
            new { product, after, DevicesAtOnce },
            ct);
        return last is null ? null : new(product, after, last);
    }

    /// <summary>How many, and their bytes.</summary>
    public async ValueTask<(long Files, long Bytes)> CountAsync(DeviceSpan devices, CancellationToken ct) => await database.FirstAsync<(long, long)>(
        $"{Expired} select count(*), coalesce(cast(sum(size) as bigint), 0) from expired", Values(devices, 0), ct);

    /// <summary>The oldest first of each device.</summary>
    public ValueTask<IReadOnlyList<ExpiredUpload>> ListAsync(DeviceSpan devices, int most, CancellationToken ct) => database.ListAsync<ExpiredUpload>(
        $"""
        {Expired}
        select x.id, x.bucket_id as bucketId, b.name as bucket, d.name as device, case when x.id = 0 then x.key else t.name end as file, x.size,
          x.created_at as createdAt, x.tooOld, x.place
        from expired x join devices d on d.id = x.device_id left join transfers t on t.id = x.id left join s3_buckets b on b.id = x.bucket_id
        order by d.name, x.created_at, x.id limit @most
        """,
        Values(devices, most),
        ct);

    object Values(DeviceSpan devices, int most) =>
        new { devices.Product, devices.After, devices.Last, most, now = clock.GetUtcNow().ToUnixTimeMilliseconds() };
}
