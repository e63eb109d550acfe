using Waybill.Link;
using Waybill.Logs;

namespace Waybill.Dialects.DjiCloud;

static class DjiRoom
{
    /// <summary>DJI's docks: the dialect, what it tells them, and where their logs are found.</summary>
    public static IServiceCollection AddDjiCloud(this IServiceCollection services) => services
        .AddSingleton<DjiJobIds>()
        .AddSingleton<DjiOrders>()
        .AddSingleton<DjiVoice>()
        .AddSingleton<DjiArchives>()
        .AddSingleton<LogPrefix>(s => s.GetRequiredService<DjiJobIds>().Prefix)
        .AddSingleton<LookForArchives>(s => s.GetRequiredService<DjiArchives>().LookAsync)
        .AddSingleton<DjiRooms>()
        .AddSingleton<DjiWork>()
        .AddSingleton<DjiStorageDesk>()
        .AddHostedService(s => s.GetRequiredService<DjiStorageDesk>())
        .AddSingleton<DjiDialect>()
        .AddSingleton<IDialect>(s => s.GetRequiredService<DjiDialect>())
        .AddHostedService<DjiDispatch>();
}
