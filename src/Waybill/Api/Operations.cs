using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Line;
using Waybill.Telemetry;

namespace Waybill.Api;

sealed record HealthAnswer(string Status, string? Reason = null);

/// <summary>Whether requests should be sent here now. The answer is good for a second, so that asking costs nothing.</summary>
sealed class Readiness(Database database, Inbox inbox, IHostApplicationLifetime life, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    readonly SemaphoreSlim _asking = new(1, 1);
    long _askedAt;
    bool _writable;

    /// <summary>Null when ready.</summary>
    public async ValueTask<string?> WhyNotAsync(CancellationToken ct)
    {
        if (life.ApplicationStopping.IsCancellationRequested)
            return "shutting down";
        if (!life.ApplicationStarted.IsCancellationRequested)
            return "starting";
        return !inbox.IsHeld && await IsWritableAsync(ct) ? null : "the database takes no writes";
    }

    public void Dispose() => _asking.Dispose();

    async ValueTask<bool> IsWritableAsync(CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_askedAt == 0 || clock.GetElapsedTime(_askedAt) >= s_fresh)
                (_writable, _askedAt) = (await AskAsync(ct), clock.GetTimestamp());
            return _writable;
        }
        finally
        {
            _asking.Release();
        }
    }

    async Task<bool> AskAsync(CancellationToken ct)
    {
        try
        {
            return await database.IsHealthyAsync(ct).WaitAsync(s_patience, clock, ct);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}

static class Operations
{
    const string Welcome =
        """
        Waybill moves files between devices and the cloud, under MQTT control.

        API        /api/v1   (Authorization: Bearer <key>)
        Document   /openapi/v1.json
        Health     /healthz  /readyz
        Metrics    /metrics

        """;

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        var operations = routes.MapGroup("").WithTags("Operations");
        operations.MapGet("/", () => TypedResults.Text(Welcome)).WithSummary("What runs here");
        operations.MapGet("/healthz", () => TypedResults.Ok(new HealthAnswer("ok"))).WithSummary("Whether the process lives");
        operations.MapGet("/readyz", ReadyAsync).WithSummary("Whether requests should be sent here now");
        // made here: what happens before somebody asks counts too
        var metrics = routes.ServiceProvider.GetRequiredService<PrometheusText>();
        operations.MapGet("/metrics", () => TypedResults.Text(metrics.Write(), PrometheusText.ContentType))
            .WithSummary("Metrics, in Prometheus text");
    }

    static async Task<Results<Ok<HealthAnswer>, JsonHttpResult<HealthAnswer>>> ReadyAsync(HttpContext http, Readiness readiness)
    {
        if (await readiness.WhyNotAsync(http.RequestAborted) is { } reason)
            return TypedResults.Json(new HealthAnswer("not ready", reason), ApiJson.Wire.HealthAnswer, statusCode: StatusCodes.Status503ServiceUnavailable);
        return TypedResults.Ok(new HealthAnswer("ok"));
    }
}
