using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Waybill.Mqtt.Broker;

namespace Waybill.Mqtt.Tests.Broker;

/// <summary>A broker on Kestrel at a free port.</summary>
sealed class RunningBroker : IAsyncDisposable
{
    readonly WebApplication _host;

    RunningBroker(WebApplication host, MqttBroker broker) => (_host, Broker) = (host, broker);

    public MqttBroker Broker { get; }

    public int Port { get; private init; }

    public static async Task<RunningBroker> StartAsync(MqttApplication? application = null, MqttBrokerOptions? options = null, TimeProvider? clock = null,
        Action<ListenOptions>? listening = null)
    {
        var broker = new MqttBroker(application ?? new Recorder(), options, clock: clock);
        await broker.LoadAsync(TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listening?.Invoke(listen);
            listen.Run(broker.OnConnectedAsync);
        }));
        var host = builder.Build();
        host.Lifetime.ApplicationStopping.Register(broker.Stop);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var address = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        return new(host, broker) { Port = new Uri(address).Port };
    }

    public Task<RawClient> DialAsync() => RawClient.DialAsync(Port);

    public async Task<RawClient> ConnectAsync(MqttVersion version = MqttVersion.V311, string clientId = "c", ushort keepAlive = 0)
    {
        var client = await DialAsync();
        await client.ConnectAsync(version, clientId, keepAlive);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        await _host.DisposeAsync();
        Broker.Dispose();
    }
}
