using Microsoft.AspNetCore.Connections;
using Waybill.Api;
using Waybill.Api.Listening;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Dialects;
using Waybill.Dialects.TencentRegistration;
using Waybill.Events;
using Waybill.Files;
using Waybill.Gate;
using Waybill.Line;
using Waybill.Link;
using Waybill.Logs;
using Waybill.Mqtt.Broker;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Quotas;
using Waybill.S3;
using Waybill.Settings;
using Waybill.Telemetry;
using Waybill.Tracing;
using Waybill.Transfers;
using Waybill.Upgrades;
using Waybill.Webhooks;

namespace Waybill;

/// <summary>The whole server in one process: what <c>waybill serve</c> runs and what tests start.</summary>
sealed class WaybillServer : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Database _database;
    readonly Listeners _listeners;

    WaybillServer(WebApplication app, Database database) =>
        (_app, _database, _listeners) = (app, database, app.Services.GetRequiredService<Listeners>());

    /// <summary>The first listener that serves S3.</summary>
    public Uri S3 => Url(ListenerRoles.S3);

    /// <summary>The first listener that serves the API.</summary>
    public Uri Api => Url(ListenerRoles.Api);

    /// <summary>The first listener that serves device URLs.</summary>
    public Uri Devices => Url(ListenerRoles.Devices);

    public int MqttPort => _listeners.MqttPort ?? throw new InvalidOperationException("MQTT is not served.");

    public int MqttTlsPort => _listeners.MqttTlsPort ?? throw new InvalidOperationException("MQTT is not served over TLS.");

    public IServiceProvider Services => _app.Services;

    /// <exception cref="SettingsException">The configuration has mistakes.</exception>
    public static async Task<WaybillServer> StartAsync(IConfiguration configuration, CancellationToken ct)
    {
        var settings = WaybillConfiguration.Read(configuration);
        Directory.CreateDirectory(settings.Data);
        var database = Database.Open(settings.Database, settings.Data);
        try
        {
            var server = new WaybillServer(await BuildAsync(configuration, settings, database, ct), database);
            await server.StartAsync(ct);
            return server;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is told to stop and everything has come to rest.</summary>
    public Task StoppedAsync(CancellationToken ct) => _app.WaitForShutdownAsync(ct);

    public async ValueTask DisposeAsync()
    {
        // as SIGTERM does: /readyz is red before anything ends
        _app.Lifetime.StopApplication();
        await _app.StopAsync(CancellationToken.None);
        await CommitSessionsAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Who was away when the server stopped, and since when. Without it sessions begin to wait at the next start, nothing promised is lost.</summary>
    async Task CommitSessionsAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await Services.GetRequiredService<MqttBroker>().CommittedAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // the database takes nothing
        }
    }

    static async Task<WebApplication> BuildAsync(IConfiguration configuration, WaybillSettings settings, Database database, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "waybill" });
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddLineConsole();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddHttpSockets().AddSingleton<IConnectionListenerFactory, MqttTransport>();
        builder.WebHost.ConfigureKestrel((_, kestrel) => kestrel.ApplicationServices.GetRequiredService<Listeners>().Configure(kestrel));
        await AddRoomsAsync(builder.Services, settings, database, ct);
        var app = builder.Build();
        app.UseForwardedAddresses(settings.Mqtt.ProxyNetworks);
        app.UseTracing();
        app.UseS3();
        app.UseRoleGate();
        // before the API's gate, which asks the route what it needs
        app.UseRouting();
        app.UseApi();
        app.UseWebSockets();
        app.MapMqtt(app.Services.GetRequiredService<MqttBroker>(), RoleGate.MqttPath);
        app.MapDeviceUrls();
        app.MapFileUrls();
        app.MapPackageUrls();
        app.MapRegistrationDoors();
        app.MapApi();
        return app;
    }

    static async Task AddRoomsAsync(IServiceCollection services, WaybillSettings settings, Database database, CancellationToken ct)
    {
        services.AddRouting();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));
        services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton(TimeProvider.System).AddSingleton(settings).AddSingleton<Listeners>().AddSingleton<DeviceConnections>();
        if (settings.Tls is { } tls)
            services.AddSingleton(tls).AddSingleton<TlsPair>();
        if (settings.Tls?.DeviceAuthorities is { } authorities)
            services.AddSingleton(s => new DeviceAuthorities(authorities, s.GetRequiredService<ILogger<DeviceAuthorities>>()));
        await services.AddDataAsync(database, ct);
        await services.AddEventsAsync(settings.Events, database, ct);
        services.AddWebhooks(settings.Webhooks);
        services.AddTransfers(settings.Transfers, database);
        services.AddQuotas(settings.Retention);
        services.AddLogs(settings.Logs);
        services.AddUpgrades(settings.Upgrades);
        services.AddLine();
        services.AddDialects();
        services.AddTracing();
        services.AddGate();
        services.AddFiles(settings.Objects);
        services.AddDevices(settings);
        services.AddApi(settings);
        await services.AddS3Async(settings.S3, settings.Data, database, ct);
    }

    async Task StartAsync(CancellationToken ct)
    {
        try
        {
            // before anybody can come in
            await Services.GetRequiredService<MqttBroker>().LoadAsync(ct);
            await _app.StartAsync(ct);
        }
        catch
        {
            // jobs that had begun end in good order, so that the reason is all that is told
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            throw;
        }
        var devices = _listeners.Http.Where(l => l.Serves(ListenerRoles.Devices)).ToList();
        if ((devices.Find(l => l.EndPoint.Port == 80) ?? devices.Find(l => !l.Settings.Tls) ?? devices.FirstOrDefault()) is { } nearest)
            Services.GetRequiredService<DeviceUrlBase>().Bound(nearest.EndPoint, nearest.Settings.Tls);
        if (_listeners.Http.FirstOrDefault(l => l.Serves(ListenerRoles.S3)) is { } s3)
            Services.GetRequiredService<OwnEndpoint>().Bound(s3.EndPoint, s3.Settings.Tls);
        await Services.GetRequiredService<StartReport>().WriteAsync(ct);
    }

    Uri Url(ListenerRoles role) => _listeners.Http.First(l => l.Serves(role)).Url;
}
