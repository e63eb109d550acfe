using System.Globalization;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Link;
using Waybill.Tracing;

namespace Waybill.Api;

static partial class TraceRoutes
{
    const int UsualSeconds = 600;
    const int MostSeconds = 3600;

    public static void MapTraces(this IEndpointRouteBuilder api) => api
        .MapGet("/products/{product}/devices/{device}/trace", TraceAsync).WithTags("Devices")
        .WithSummary("Follow a device's MQTT and HTTP traffic at this node as server-sent events, without secrets; for ?seconds=, 600 where it is not given, 3600 at most")
        .Needing(Actions.DevicesTrace)
        .Produces<TraceLine>(StatusCodes.Status200OK, ServerSentEvents.ContentType);

    /// <summary>The device need not be registered: that it is not may be what is looked for.</summary>
    static async Task<IResult> TraceAsync(string product, string device, string? seconds, HttpContext http, TraceDesk desk, TraceStream stream)
    {
        var time = UsualSeconds;
        new Mistakes()
            .Need("product", RegistryNames.IsProduct(product, []), RegistryNames.OtherProduct)
            .Need("device", RegistryNames.IsDevice(device), RegistryNames.Device)
            .Need("seconds", seconds is null || (int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out time) && time is >= 1 and <= MostSeconds),
                $"a number from 1 to {MostSeconds}")
            .ThrowIfAny();
        var (trace, begin) = await desk.StartAsync(product, device, http.Caller(), http.RequestAborted);
        try
        {
            var (logger, caller) = (http.RequestServices.GetRequiredService<ILogger<Trace>>(), http.Caller().Name);
            LogTrace(logger, caller, product, device, time);
            await stream.SendAsync(http, trace, TimeSpan.FromSeconds(time), begin with { Detail = $"{begin.Detail} The trace ends after {time} seconds." });
        }
        finally
        {
            desk.Stop(trace);
        }
        return TypedResults.Empty;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} traces {Product}/{Device} for at most {Seconds} s")]
    static partial void LogTrace(ILogger logger, string caller, string product, string device, int seconds);
}

/// <summary>Starts traces, and says how the device stands at the moment.</summary>
sealed class TraceDesk(Traces traces, DeviceConnections connections, Database database)
{
    public async Task<(Trace Trace, TraceLine Begin)> StartAsync(string product, string device, Caller caller, CancellationToken ct)
    {
        var row = await database.FirstAsync<DeviceRow>(
            """
            select d.id, p.dialects from devices d join products p on p.id = d.product_id where p.name = @product and d.name = @device
            """,
            new { product, device },
            ct);
        // only docks sign in with their names
        var byName = caller.Scope.IsEverything || row?.Dialects.Contains($"\"{DialectNames.Dji}\"", StringComparison.Ordinal) == true;
        var trace = traces.Start(product, device, row?.Id, byName);
        var isConnected = row is not null && connections.Find(row.Id) is { IsOpen: true };
        var stands = row is null ? "No such device is registered." : isConnected ? "It is connected to this node." : "It is not connected to this node.";
        return (trace, trace.Note("begin") with { Reason = row is null ? "not_registered" : isConnected ? "connected" : "not_connected", Detail = $"{product}/{device}: {stands}" });
    }

    public void Stop(Trace trace) => traces.Stop(trace);

    sealed class DeviceRow
    {
        public long Id { get; init; }
        public string Dialects { get; init; } = "";
    }
}
