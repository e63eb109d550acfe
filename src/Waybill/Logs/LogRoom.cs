using Waybill.Devices;
using Waybill.Line;

namespace Waybill.Logs;

static class LogRoom
{
    /// <summary>Log requests of docks, from the list to the archives in storage. Who finds those is registered as <see cref="LookForArchives"/>,
    /// who says where they go as <see cref="LogPrefix"/>.</summary>
    public static IServiceCollection AddLogs(this IServiceCollection services, LogSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<LogRows>()
        .AddSingleton<JobRows<LogRequest>>(s => s.GetRequiredService<LogRows>())
        .AddSingleton<ILedger, JobLedger<LogRequest, LogSettings>>()
        .AddSingleton<LogOrders>()
        .AddHostedService<LogClock>()
        .AddSingleton<LogPlace>()
        .AddSingleton<LogCampaigns>()
        .AddSingleton<LogCampaignRows>()
        .AddSingleton<LogCampaignTurn>()
        .AddHostedService<LogCampaignClock>();
}
