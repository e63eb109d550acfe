using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Waybill.Mqtt.Broker;
using Xunit;

namespace Waybill.Tests.Gate;

public sealed class VanishedClientStories
{
    [Fact]
    public async Task Who_has_no_keep_alive_of_MQTT_is_asked_by_the_system_whether_it_is_still_there()
    {
        await using var house = await House.StartAsync();
        var login = await AppLogin.MakeAsync(house.Api);
        await using var client = await AppClient.DialAsync(house.Server.MqttPort, login.Connect("a"));
        Assert.True(house.Get<MqttBroker>().TryGetSession("a", out var session));
        var socket = session.Connection.Features.Get<IConnectionSocketFeature>()!.Socket;
        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(600, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
    }
}
