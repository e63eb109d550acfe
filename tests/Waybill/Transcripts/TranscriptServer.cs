using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Waybill.Mqtt;
using Waybill.Mqtt.Broker;
using Waybill.Mqtt.Codec;

namespace Waybill.Tests.Transcripts;

/// <summary>A platform without a mind of its own: hears what a device says, says what it is told, hands over HTTP connections.</summary>
sealed class TranscriptServer : MqttApplication, IAsyncDisposable
{
    readonly Channel<string> _heard = Channel.CreateUnbounded<string>();
    readonly TcpListener _files = new(IPAddress.Loopback, 0);
    readonly MqttBroker _broker;
    readonly WebApplication _app;
    volatile string _down = "";
    TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    TranscriptServer()
    {
        _broker = new(this);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Run(_broker.OnConnectedAsync)));
        _app = builder.Build();
        _files.Start();
    }

    public int MqttPort => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Base of file URLs.</summary>
    public string Files => $"http://{_files.LocalEndpoint}";

    /// <summary>As whom the device came, and how.</summary>
    public MqttConnect? Came { get; private set; }

    public ChannelReader<string> Heard => _heard.Reader;

    public static async Task<TranscriptServer> StartAsync()
    {
        var server = new TranscriptServer();
        await server._app.StartAsync(House.Soon);
        return server;
    }

    /// <summary>Completes when the device has subscribed.</summary>
    public Task SubscribedAsync() => _subscribed.Task.WaitAsync(House.Soon);

    /// <summary>On the topic that the device has subscribed.</summary>
    public void Say(string json) => _broker.Publish(_down, Encoding.UTF8.GetBytes(json), MqttQos.AtLeastOnce);

    public async Task<WireHttp> AcceptAsync(CancellationToken ct) => new(await _files.AcceptTcpClientAsync(ct));

    public void Disconnect()
    {
        _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_broker.TryGetSession(PlayedDevice.Product + PlayedDevice.Device, out var session))
            session.Disconnect(MqttReasonCode.Success);
    }

    public override ValueTask<MqttReasonCode> ConnectAsync(MqttSession session, MqttConnect connect, CancellationToken ct)
    {
        Came = connect;
        return base.ConnectAsync(session, connect, ct);
    }

    public override void Subscribed(MqttSession session, string filter, MqttQos granted)
    {
        _down = filter;
        _subscribed.TrySetResult();
    }

    public override ValueTask<MqttPublishVerdict> PublishAsync(MqttSession session, in MqttPublish publish)
    {
        _heard.Writer.TryWrite(Encoding.UTF8.GetString(publish.Payload));
        return new(MqttPublishVerdict.Route);
    }

    public async ValueTask DisposeAsync()
    {
        _files.Dispose();
        _broker.Stop();
        await _app.StopAsync(House.Soon);
        await _app.DisposeAsync();
        _broker.Dispose();
    }
}
