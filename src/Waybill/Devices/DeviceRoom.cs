using Waybill.Devices.Gateways;
using Waybill.Line;
using Waybill.Settings;

namespace Waybill.Devices;

static class DeviceRoom
{
    /// <summary>Who may come in: products, devices, MQTT accounts, keys of the API.</summary>
    public static IServiceCollection AddDevices(this IServiceCollection services, WaybillSettings settings) => services
        .AddSingleton(new DeviceUrlBase(settings))
        .AddSingleton<ProductRegistry>()
        .AddSingleton<ProductSessions>()
        .AddGateways(settings.Dji)
        .AddSingleton<DeviceRegistry>()
        .AddSingleton<DeviceRemoval>()
        .AddSingleton<DeviceImport>()
        .AddSingleton<DeviceLogin>()
        .AddSingleton<DeviceClaims>()
        .AddSingleton<ProductSecrets>()
        .AddSingleton<DeviceRegistration>()
        .AddSingleton<LastSeen>()
        .AddHostedService(s => s.GetRequiredService<LastSeen>())
        .AddHostedService<DisabledSweep>()
        .AddSingleton<ApiKeys>()
        .AddSingleton<ApiKeyLogin>()
        .AddSingleton<ApiKeyUse>()
        .AddHostedService(s => s.GetRequiredService<ApiKeyUse>())
        .AddSingleton<TencentSecrets>()
        .AddSingleton<AppTokens>()
        .AddSingleton<MqttAccounts>()
        .AddSingleton<MqttAccountSessions>()
        .AddSingleton<MqttAccountLogin>();

    static IServiceCollection AddGateways(this IServiceCollection services, GatewayDefaults defaults) => services
        .AddSingleton(defaults)
        .AddSingleton<GatewayRows>()
        .AddSingleton<GatewayBook>()
        .AddSingleton<GatewayMembers>()
        .AddSingleton<GatewayStorages>()
        .AddSingleton<GatewayConditions>()
        .AddSingleton<GatewayArrivals>()
        .AddSingleton<GatewayQueue>()
        .AddSingleton<GatewayRegistry>()
        .AddSingleton<ILedger, GatewayLedger>()
        .AddSingleton<JobLine>()
        .AddSingleton<GatewayTurns>()
        .AddSingleton<GatewayNames>()
        .AddSingleton<Organizations>()
        .AddSingleton<Bindings>()
        .AddSingleton<ProductLogins>()
        .AddSingleton<ProductLoginSessions>();
}
