using Waybill.Devices;
using Waybill.Line;

namespace Waybill.Upgrades;

static class UpgradeRoom
{
    /// <summary>Firmware upgrades of docks and their aircraft.</summary>
    public static IServiceCollection AddUpgrades(this IServiceCollection services, UpgradeSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<UpgradeRows>()
        .AddSingleton<JobRows<Upgrade>>(s => s.GetRequiredService<UpgradeRows>())
        .AddSingleton<ILedger, JobLedger<Upgrade, UpgradeSettings>>()
        .AddSingleton<UpgradeOrders>()
        .AddSingleton<Packages>()
        .AddSingleton<PackageUrls>()
        .AddSingleton<PackageBytes>()
        .AddHostedService<UpgradeClock>();

    /// <summary>What docks fetch their firmware by: <c>/o/u/{token}</c>.</summary>
    public static void MapPackageUrls(this IEndpointRouteBuilder routes) => routes
        .Map(PackageUrls.Path + "{token}", (HttpContext http, string token, PackageBytes bytes) => bytes.HandleAsync(http, token))
        .ExcludeFromDescription();
}
