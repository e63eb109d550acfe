using Waybill.Dialects.DjiCloud;
using Waybill.Dialects.TencentExplorer;
using Waybill.Dialects.TencentHub;
using Waybill.Dialects.TencentRegistration;
using Waybill.Link;

namespace Waybill.Dialects;

static class DialectRoom
{
    /// <summary>One line for each vendor protocol.</summary>
    public static IServiceCollection AddDialects(this IServiceCollection services) => services
        .AddSingleton<DialectMeter>()
        .AddSingleton<IDialect, HubDialect>()
        .AddSingleton<IDialect, ExplorerDialect>()
        .AddDjiCloud()
        .AddSingleton<DeadMessageReplay>()
        .AddRegistrationDoors();
}
