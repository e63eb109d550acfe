using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Link;

namespace Waybill.Devices;

/// <summary>Cuts sessions of devices disabled a moment ago that came in just before, or by a login that is another now: what the API's own cut could not see.</summary>
sealed class DisabledSweep(
    Database database, DeviceConnections connections, ProductLogins logins, ProductLoginSessions loginSessions, TimeProvider clock, ILogger<DisabledSweep> logger)
    : PeriodicJob(TimeSpan.FromSeconds(2), clock, logger)
{
    static readonly TimeSpan LookBack = TimeSpan.FromSeconds(10);

    readonly TimeProvider _clock = clock;

    protected override async Task RunAsync(CancellationToken ct)
    {
        var since = (_clock.GetUtcNow() - LookBack).ToUnixTimeMilliseconds();
        foreach (var id in await database.ListAsync<long>("select id from devices where disabled_at >= @since", new { since }, ct))
            connections.Find(id)?.Cut();
        foreach (var product in await database.ListAsync<string>("select name from products where disabled_at >= @since", new { since }, ct))
        {
            foreach (var connection in connections.All.Where(c => c.Device.Product == product))
                connection.Cut();
        }
        if (loginSessions.Any)
            loginSessions.CutOutdated(await logins.StandingAsync(ct));
    }
}
