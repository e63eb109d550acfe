using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Waybill.Mqtt.Broker;
using Waybill.Settings;

namespace Waybill.Api.Listening;

/// <summary>Every port of the server: HTTP by roles, MQTT, and port 80 for devices where nobody said how they find us.</summary>
sealed class Listeners(WaybillSettings settings, IServiceProvider services)
{
    const int DevicePort = 80;

    readonly List<BoundListener> _http = [];
    ListenOptions? _mqtt;
    ListenOptions? _mqttTls;

    public IReadOnlyList<BoundListener> Http => _http;

    /// <summary>The port in use, once the server has started; null when MQTT is not served.</summary>
    public int? MqttPort => _mqtt?.IPEndPoint?.Port;

    /// <summary>The same with TLS; null without a certificate.</summary>
    public int? MqttTlsPort => _mqttTls?.IPEndPoint?.Port;

    /// <summary>Why devices cannot have port 80; null when they can, or it was not tried.</summary>
    public string? Port80Refused { get; private set; }

    public void Configure(KestrelServerOptions kestrel)
    {
        HttpSockets.Configure(kestrel);
        foreach (var listener in settings.Listeners)
            Listen(kestrel, listener);
        if (settings.PublicUrl is null && settings.TryPort80 && !settings.Listeners.Any(l => l.Port == DevicePort))
            TryPort80(kestrel);
        ListenMqtt(kestrel);
    }

    void Listen(KestrelServerOptions kestrel, ListenerSettings listener) => kestrel.Listen(listener.Address, listener.Port, options =>
    {
        // vendor SDKs speak HTTP/1.1 to the letter, header case included; HTTP/2 is agreed on over TLS only
        options.Protocols = listener.Tls && !listener.Roles.HasFlag(ListenerRoles.Devices) ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        var bound = new BoundListener(listener, options);
        _http.Add(bound);
        options.Use(next => connection =>
        {
            connection.Features.Set(bound);
            return next(connection);
        });
        if (listener.Tls)
            options.UseHttps(services.GetRequiredService<TlsPair>().Handshake);
    });

    void TryPort80(KestrelServerOptions kestrel)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            probe.Bind(new IPEndPoint(IPAddress.IPv6Any, DevicePort));
        }
        catch (SocketException e)
        {
            Port80Refused = e.Message;
            return;
        }
        Listen(kestrel, new("port80", IPAddress.IPv6Any, DevicePort, Tls: false, ListenerRoles.Devices));
    }

    void ListenMqtt(KestrelServerOptions kestrel)
    {
        if (services.GetService<MqttBroker>() is not { } broker)
            return;
        kestrel.Listen(new MqttEndPoint(settings.Mqtt.Address, settings.Mqtt.Port), options =>
        {
            _mqtt = options;
            // without a proxy a connection is at the broker when it is accepted
            if (settings.Mqtt.ProxyNetworks.Count > 0)
                options.UseMqttLimits(broker).UseProxyProtocol(settings.Mqtt.ProxyNetworks);
            options.Run(broker.OnConnectedAsync);
        });
        if (settings.Tls is not null)
            kestrel.Listen(new MqttEndPoint(settings.Mqtt.Address, settings.Mqtt.TlsPort), options =>
            {
                _mqttTls = options;
                ListenMqttTls(options, broker);
            });
    }

    void ListenMqttTls(ListenOptions options, MqttBroker broker)
    {
        options.UseMqttLimits(broker).UseProxyProtocol(settings.Mqtt.ProxyNetworks);
        var handshake = services.GetRequiredService<TlsPair>().DeviceHandshake;
        // the deadline of CONNECT is its own as well, and began before
        handshake.HandshakeTimeout = settings.Mqtt.Limits.ConnectTimeout;
        options.UseHttps(handshake);
        options.Use(next => connection =>
        {
            if (connection.Features.Get<ISslStreamFeature>() is { } tls)
                TlsBuffers.Release(tls.SslStream);
            return next(connection);
        });
        options.Run(broker.OnConnectedAsync);
    }
}

/// <summary>A listener and, once the server has started, where it listens. On its connections as a feature.</summary>
sealed record BoundListener(ListenerSettings Settings, ListenOptions Options)
{
    public IPEndPoint EndPoint => Options.IPEndPoint!;

    public bool Serves(ListenerRoles role) => Settings.Roles.HasFlag(role);

    public Uri Url
    {
        get
        {
            var any = EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any);
            return new UriBuilder(Settings.Tls ? "https" : "http", any ? "127.0.0.1" : EndPoint.Address.ToString(), EndPoint.Port).Uri;
        }
    }
}
