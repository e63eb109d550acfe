using Waybill.Api.Listening;
using Waybill.Api.Tencent;
using Waybill.Data;
using Waybill.Events;
using Waybill.Settings;

namespace Waybill.Api;

static class ApiRoom
{
    public static IServiceCollection AddApi(this IServiceCollection services, WaybillSettings settings) => services
        .AddSingleton(AdminKey.Open(settings.AdminKey, settings.Data))
        .AddSingleton<Callers>()
        .AddSingleton<Idempotency>()
        .AddSingleton<Shelves>()
        .AddSingleton<FileIntake>()
        .AddSingleton<DeviceLook>()
        .AddSingleton<DevicePlaces>()
        .AddSingleton<StorageReach>()
        .AddSingleton<ProductCheck>()
        .AddSingleton<ArrivalLook>()
        .AddSingleton<UploadLook>()
        .AddSingleton<TransferDesk>()
        .AddSingleton<StorageCredentialDesk>()
        .AddSingleton<TransferLine>()
        .AddSingleton<GatewayDesk>()
        .AddSingleton<LogDesk>()
        .AddSingleton<LogLook>()
        .AddSingleton<ArchiveDesk>()
        .AddSingleton<LogBundle>()
        .AddSingleton<UpgradeDesk>()
        .AddSingleton<UpgradeLook>()
        .AddSingleton<EventStream>()
        .AddSingleton<TraceDesk>()
        .AddSingleton<TraceStream>()
        .AddSingleton<WriteEvent>(s => told => EventAnswer.Write(told, s.GetRequiredService<Seal>()))
        .AddSingleton<Readiness>()
        .AddSingleton<OwnKeys>()
        .AddSingleton<StartReport>()
        .AddSingleton<Telemetry.PrometheusText>()
        .ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions).TypeInfoResolverChain.Insert(0, ApiJson.Wire))
        .AddTencentApi()
        .AddApiDocument();

    /// <summary>What stands before every route under <c>/api</c>, outermost first.</summary>
    public static void UseApi(this IApplicationBuilder app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase),
        api =>
        {
            api.UseProblems();
            api.UseCallerGate();
            api.Use((http, next) => http.RequestServices.GetRequiredService<Idempotency>().HandleAsync(http, next));
        });

    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RefusesWithProblems();
        api.MapProducts();
        api.MapOrganizations();
        api.MapDevices();
        api.MapArrivals();
        api.MapTraces();
        api.MapRegistration();
        api.MapUploadRules();
        api.MapUploadRetention();
        api.MapFiles();
        api.MapBuckets();
        api.MapObjects();
        api.MapTransfers();
        api.MapLogs();
        api.MapArchives();
        api.MapLogCampaigns();
        api.MapUpgrades();
        api.MapEvents();
        api.MapWebhooks();
        api.MapMqttAccounts();
        api.MapMqttRefusals();
        api.MapApiKeys();
        api.MapStorageKeys();
        api.MapStorageCredentials();
        api.MapAppTokens();
        api.MapDeadMessages();
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapOperations();
        routes.MapTencentApi();
    }
}
