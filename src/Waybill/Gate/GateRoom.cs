using Microsoft.AspNetCore.Connections;
using Waybill.Devices;
using Waybill.Gate.Sessions;
using Waybill.Mqtt.Broker;
using Waybill.Settings;

namespace Waybill.Gate;

static class GateRoom
{
    /// <summary>MQTT in: the embedded broker and what it asks before it lets anybody do anything.</summary>
    public static IServiceCollection AddGate(this IServiceCollection services) => services
        .AddSingleton<Admission>()
        .AddSingleton<MqttGate>()
        .AddSingleton<MqttRefusals>()
        .AddSingleton<EventFollowers>()
        .AddSingleton<EventMark>()
        .AddSingleton<SessionStore>()
        .AddHostedService<EventPublisher>()
        .AddSingleton<ListeningDelay>()
        .AddHostedService(s => s.GetRequiredService<ListeningDelay>())
        .AddSingleton(Broker)
        .AddSingleton<ConnectionHandler>(s => s.GetRequiredService<MqttBroker>());

    static MqttBroker Broker(IServiceProvider services)
    {
        var limits = services.GetRequiredService<WaybillSettings>().Mqtt.Limits;
        var broker = new MqttBroker(
            services.GetRequiredService<MqttGate>(), limits with { SessionStore = services.GetRequiredService<SessionStore>() }, services.GetRequiredService<ILogger<MqttBroker>>(),
            services.GetRequiredService<TimeProvider>());
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(broker.Stop);
        services.GetRequiredService<MqttAccountSessions>().Bound(broker);
        return broker;
    }
}
