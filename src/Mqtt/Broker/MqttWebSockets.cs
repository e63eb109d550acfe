using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Waybill.Mqtt.Broker;

/// <summary>MQTT over WebSocket (6).</summary>
public static class MqttWebSockets
{
    /// <summary>What a client may ask for, the one of 3.1.1 and 5.0 first [MQTT-6.0.0-4].</summary>
    static readonly string[] s_protocols = ["mqtt", "mqttv3.1"];

    /// <summary>
    /// Serves MQTT clients at a path of the web server; needs <c>app.UseWebSockets()</c> before. A request that is not a WebSocket with one of
    /// the subprotocols <c>mqtt</c> and <c>mqttv3.1</c> is answered 400 [MQTT-6.0.0-3].
    /// </summary>
    public static IEndpointConventionBuilder MapMqtt(this IEndpointRouteBuilder endpoints, MqttBroker broker, [StringSyntax("Route")] string path = "/mqtt") =>
        endpoints.Map(path, http => ServeAsync(broker, http));

    static async Task ServeAsync(MqttBroker broker, HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest || s_protocols.FirstOrDefault(http.WebSockets.WebSocketRequestedProtocols.Contains) is not { } protocol)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = protocol, KeepAliveInterval = TimeSpan.Zero });
        await using var connection = new WebSocketConnection(http, socket);
        await broker.OnConnectedAsync(connection);
    }
}
