using Microsoft.AspNetCore.Connections;

namespace Waybill.Mqtt.Broker;

/// <summary>What a listener of a broker needs that reads something before the broker does.</summary>
public static class MqttListening
{
    /// <summary>
    /// Counts connections from the moment they are accepted, and has <see cref="MqttBrokerOptions.ConnectTimeout"/> begin there: to stand before
    /// the PROXY protocol and TLS, behind which the broker sees a connection only when the client has said something. The limit of an address
    /// counts at the broker, where the address is known.
    /// </summary>
    public static TBuilder UseMqttLimits<TBuilder>(this TBuilder builder, MqttBroker broker) where TBuilder : IConnectionBuilder
    {
        builder.Use(next => connection => broker.ArriveAsync(connection, next));
        return builder;
    }
}
