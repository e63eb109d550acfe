using Waybill.Devices;
using Waybill.Gate.Sessions;
using Waybill.Mqtt.Broker;
using Waybill.Settings;

namespace Waybill.Gate;

static class GateRoom
{
    /// <summary>MQTT in: the embedded broker and what it asks before it lets anybody do anything.</summary>
    public static IServiceCollection AddGate(this IServiceCollection services) => services
        .AddSingleton(Lanes)
        .AddSingleton<Admission>()
        .AddSingleton<Claims>()
        .AddSingleton<MqttGate>()
        .AddSingleton<MqttRefusals>()
        .AddSingleton<GateTrace>()
        .AddSingleton<EventFollowers>()
        .AddSingleton<EventMark>()
        .AddSingleton<SessionStore>()
        .AddHostedService<EventPublisher>()
        .AddSingleton<ListeningDelay>()
        .AddHostedService(s => s.GetRequiredService<ListeningDelay>())
        .AddSingleton(Broker)
        .AddHostedService<BrokerClosing>();

    /// <summary>Half of the time for CONNECT is for waiting.</summary>
    static AdmissionLanes Lanes(IServiceProvider services)
    {
        var mqtt = services.GetRequiredService<WaybillSettings>().Mqtt;
        return new(mqtt.Connecting, mqtt.Limits.ConnectTimeout / 2, services.GetRequiredService<TimeProvider>());
    }

    static MqttBroker Broker(IServiceProvider services)
    {
        var limits = services.GetRequiredService<WaybillSettings>().Mqtt.Limits;
        var broker = new MqttBroker(
            services.GetRequiredService<MqttGate>(), limits with { SessionStore = services.GetRequiredService<SessionStore>() }, services.GetRequiredService<ILogger<MqttBroker>>(),
            services.GetRequiredService<TimeProvider>());
        services.GetRequiredService<MqttAccountSessions>().Bound(broker);
        return broker;
    }
}
