using System.Net;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Objects.Credentials;
using Waybill.Settings;

namespace Waybill.Api.Listening;

/// <summary>What an operator must know when the server has started: where it listens, where the key is, what devices will not find.</summary>
sealed partial class StartReport(WaybillSettings settings, Listeners listeners, OwnKeys keys, Database database, ILogger<StartReport> logger)
{
    const string SdkPorts = "devices with a Tencent SDK connect to port 80 (http) or 443 (https) whatever the URL says";

    public async Task WriteAsync(CancellationToken ct)
    {
        foreach (var listener in listeners.Http)
            LogListening(logger, listener.Url.Scheme, listener.EndPoint, listener.Settings.Roles);
        if (listeners.MqttPort is { } mqtt)
            LogMqtt(logger, mqtt);
        if (listeners.MqttTlsPort is { } mqttTls)
            LogMqttTls(logger, mqttTls);
        if (keys.Admin.Path is { } path)
            LogKey(logger, path);
        if (keys.Storage.Path is { } pair)
            LogStorageKey(logger, pair);
        WarnOfPorts();
        foreach (var product in await database.ListAsync<Product>($"select {Product.Columns} from products where device_url is not null", null, ct))
        {
            if (product.Dialects.Any(DialectNames.IsTencent) && UrlBase.CarriesPort(product.DeviceUrl!))
                LogProductPort(logger, product.Name, product.DeviceUrl!);
        }
        LogReady(logger);
    }

    void WarnOfPorts()
    {
        if (settings.PublicUrl is { } url)
        {
            if (UrlBase.CarriesPort(url))
                LogPublicPort(logger, url);
        }
        else if (listeners.Port80Refused is { } reason)
            LogNoPort80(logger, reason);
        else if (!listeners.Http.Any(l => l.Serves(ListenerRoles.Devices) && l.EndPoint.Port == (l.Settings.Tls ? 443 : 80)))
            LogNoPublicUrl(logger);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {Scheme}://{Address} for {Roles}")]
    static partial void LogListening(ILogger logger, string scheme, IPEndPoint address, ListenerRoles roles);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for MQTT on port {Port}")]
    static partial void LogMqtt(ILogger logger, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening for MQTT over TLS on port {Port}")]
    static partial void LogMqttTls(ILogger logger, int port);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waybill is ready")]
    static partial void LogReady(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin key is in {Path}")]
    static partial void LogKey(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "The key pair of the S3 endpoint's owner is in {Path}")]
    static partial void LogStorageKey(ILogger logger, string path);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Waybill:PublicUrl {Url} carries a port: " + SdkPorts)]
    static partial void LogPublicPort(ILogger logger, string url);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The device URL {Url} of product {Product} carries a port: " + SdkPorts)]
    static partial void LogProductPort(ILogger logger, string product, string url);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Port 80 cannot be had ({Reason}): device URLs carry a port, but " + SdkPorts + ". Free it, allow it, or set Waybill:PublicUrl")]
    static partial void LogNoPort80(ILogger logger, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "No listener for devices has port 80: device URLs carry a port, but " + SdkPorts + ". Set Waybill:PublicUrl")]
    static partial void LogNoPublicUrl(ILogger logger);
}

/// <summary>The keys of whoever runs the server.</summary>
sealed record OwnKeys(AdminKey Admin, OwnerKeyPair Storage);
