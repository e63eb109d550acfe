using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;

namespace Waybill.Api;

/// <summary>A job with the names of its gateway.</summary>
sealed record FoundJob<TJob>(TJob Job, GatewayName Gateway);

/// <summary>Jobs of one kind as callers may see them.</summary>
abstract class JobLook<TJob>(JobRows<TJob> rows, GatewayNames names, Seal seal, Database database)
    where TJob : class, IGatewayJob<TJob>
{
    /// <summary>Of their public ids.</summary>
    protected abstract SealPurpose Purpose { get; }

    /// <summary>By its id in a route; out of the caller's scope there is none.</summary>
    public async ValueTask<FoundJob<TJob>> GetAsync(string id, HttpContext http)
    {
        if (!seal.TryRead(id, Purpose, out var row, out _) || await rows.FindAsync(database, row, http.RequestAborted) is not { } job)
            throw NotFound();
        var gateway = (await names.OfAsync([job.GatewayId], http.RequestAborted)).GetValueOrDefault(job.GatewayId);
        return gateway is not null && http.Caller().Scope.Covers(gateway.Product, gateway.Gateway) ? new(job, gateway) : throw NotFound();
    }

    public async ValueTask<IReadOnlyList<FoundJob<TJob>>> ListAsync(JobFilter filter, CancellationToken ct)
    {
        var jobs = await rows.ListAsync(database, filter, ct);
        var gateways = await names.OfAsync(jobs.Select(j => j.GatewayId), ct);
        return [.. jobs.Where(j => gateways.ContainsKey(j.GatewayId)).Select(j => new FoundJob<TJob>(j, gateways[j.GatewayId]))];
    }

    protected abstract RefusedException NotFound();
}
