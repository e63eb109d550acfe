using Waybill.Data;
using Waybill.Line;

namespace Waybill.Transfers;

static class TransferRoom
{
    public static IServiceCollection AddTransfers(this IServiceCollection services, TransferSettings settings, Database database) => services
        .AddSingleton(settings)
        .AddTransferRows(database)
        .AddSingleton<Moments>()
        .AddSingleton<CommittedTransfers>()
        .AddSingleton<TransferLedger>()
        .AddSingleton<TransferSearch>()
        .AddSingleton<ResourceSearch>()
        .AddSingleton<Holdings>()
        .AddSingleton<ILedger>(s => s.GetRequiredService<TransferLedger>())
        .AddSingleton<CommandQueue>()
        .AddSingleton<ByteFlows>()
        .AddSingleton<ServedBytes>()
        .AddSingleton<TransferRemoval>()
        .AddSingleton<GrantedTransfers>()
        .AddSingleton<DeviceUrls>()
        .AddSingleton<DeviceUrlGrants>()
        .AddSingleton<UploadReception>()
        .AddSingleton<DeviceBytes>()
        .AddHostedService<TransferClock>()
        .AddHostedService<Leftovers>();

    /// <summary>What devices reach over HTTP: <c>/o/{token}</c> and nothing else.</summary>
    public static void MapDeviceUrls(this IEndpointRouteBuilder routes) =>
        routes.Map(DeviceUrls.Path + "{**token}", (HttpContext http, string? token, DeviceBytes bytes) => bytes.HandleAsync(http, token ?? ""));

    static IServiceCollection AddTransferRows(this IServiceCollection services, Database database) => database is SqliteDatabase
        ? services.AddSingleton<TransferRows, SqliteTransferRows>().AddSingleton<HeldFileRows, SqliteHeldFileRows>().AddSingleton<RecentNames>().AddHostedService<NameMerge>()
        : services.AddSingleton<TransferRows, PostgresTransferRows>().AddSingleton<HeldFileRows, PostgresHeldFileRows>();
}
