using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>A log request with the names of its dock.</summary>
sealed record FoundLog(LogRequest Request, GatewayName Gateway);

/// <summary>Takes orders for logs.</summary>
sealed class LogDesk(GatewayDesk gateways, LogOrders orders, Ids ids)
{
    public async Task<FoundLog> OrderAsync(LogBody body, CancellationToken ct)
    {
        var gateway = await gateways.FindAsync(body.Product!, body.Gateway!, ct);
        return new(await orders.OrderAsync(await ids.NextAsync(ct), gateway.Device.Id, body.Wanted, ct), gateway.Name);
    }

    public async Task<FoundLog> UploadAsync(FoundLog found, LogUploadBody body, CancellationToken ct) =>
        found with { Request = await orders.UploadAsync(found.Request, [.. body.Files!.Select(f => new LogChoice(f.Module!, f.BootIndexes!))], ct) };

    public async Task<FoundLog> CancelAsync(FoundLog found, LogCancelBody body, CancellationToken ct) =>
        found with { Request = await orders.CancelAsync(found.Request.Id, body.Modules ?? [], ct) };
}

/// <summary>Log requests as callers may see them.</summary>
sealed class LogLook(LogRows rows, GatewayNames names, Seal seal, Database database)
{
    /// <summary>By its id in a route; out of the caller's scope there is none.</summary>
    public async ValueTask<FoundLog> GetAsync(string id, HttpContext http)
    {
        if (!seal.TryRead(id, SealPurpose.LogRequest, out var row, out _) || await rows.FindAsync(database, row, http.RequestAborted) is not { } request)
            throw NotFound();
        var gateway = (await names.OfAsync([request.GatewayId], http.RequestAborted)).GetValueOrDefault(request.GatewayId);
        return gateway is not null && http.Caller().Scope.Covers(gateway.Product, gateway.Gateway) ? new(request, gateway) : throw NotFound();
    }

    public async ValueTask<IReadOnlyList<FoundLog>> ListAsync(JobFilter filter, CancellationToken ct)
    {
        var requests = await rows.ListAsync(database, filter, ct);
        var gateways = await names.OfAsync(requests.Select(r => r.GatewayId), ct);
        return [.. requests.Where(r => gateways.ContainsKey(r.GatewayId)).Select(r => new FoundLog(r, gateways[r.GatewayId]))];
    }

    static RefusedException NotFound() => new("log_request_not_found", "There is no such log request.");
}
