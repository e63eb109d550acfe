using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Logs;

namespace Waybill.Api;

/// <summary>Takes orders for logs.</summary>
sealed class LogDesk(GatewayDesk gateways, LogOrders orders, Ids ids)
{
    public async Task<FoundJob<LogRequest>> OrderAsync(LogBody body, CancellationToken ct)
    {
        var gateway = await gateways.FindAsync(body.Product!, body.Gateway!, ct);
        return new(await orders.OrderAsync(await ids.NextAsync(ct), gateway.Device.Id, body.Wanted, ct), gateway.Name);
    }

    public async Task<FoundJob<LogRequest>> UploadAsync(FoundJob<LogRequest> found, LogUploadBody body, CancellationToken ct) =>
        found with { Job = await orders.UploadAsync(found.Job, [.. body.Files!.Select(f => new LogChoice(f.Module!, f.BootIndexes!))], ct) };

    public async Task<FoundJob<LogRequest>> CancelAsync(FoundJob<LogRequest> found, LogCancelBody body, CancellationToken ct) =>
        found with { Job = await orders.CancelAsync(found.Job.Id, body.Modules ?? [], ct) };
}

/// <summary>Log requests as callers may see them.</summary>
sealed class LogLook(LogRows rows, GatewayNames names, Seal seal, Database database) : JobLook<LogRequest>(rows, names, seal, database)
{
    protected override SealPurpose Purpose => SealPurpose.LogRequest;

    protected override RefusedException NotFound() => new("log_request_not_found", "There is no such log request.");
}
