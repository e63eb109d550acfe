using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>
/// A device of the Tencent IoT Hub resource management protocol: uploads files and fetches what the platform has for it, one file per
/// direction at a time, with the vendor SDK's messages. All members may be used from any thread.
/// </summary>
public sealed class HubDevice : IAsyncDisposable
{
    readonly HubLink _link;
    readonly Uploads _uploads;
    readonly Downloads _downloads;
    readonly CancellationTokenSource _end = new();
    MqttClient _client = null!;
    Task _watching = Task.CompletedTask;

    HubDevice(HubDeviceOptions options)
    {
        var http = FileServer.On(options.Http);
        _link = new(options);
        _uploads = new(_link, http);
        _downloads = new(_link, http);
    }

    /// <summary>Ends when the device does: after <see cref="Abort"/> or disposal, or when the connection is lost and not made again.</summary>
    public Task Closed => _watching;

    /// <summary>Connects and subscribes the device's down topic.</summary>
    /// <exception cref="MqttException">The platform refused the credentials or the subscription.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no server, and <see cref="HubDeviceOptions.Reconnect"/> is off.</exception>
    public static async Task<HubDevice> ConnectAsync(HubDeviceOptions options, CancellationToken ct)
    {
        var device = new HubDevice(options);
        await device.OpenAsync(options, ct);
        return device;
    }

    /// <summary>Uploads a file; several wait for each other.</summary>
    /// <param name="file">What to upload.</param>
    /// <param name="watcher">Told how far it is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="InvalidOperationException">The name is not one the protocol can carry.</exception>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<HubOutcome> UploadAsync(HubFile file, IProgress<HubMoved>? watcher, CancellationToken ct) =>
        WhileOpenAsync(either => _uploads.RunAsync(file, watcher, either), ct);

    /// <summary>Asks what there is for the device and fetches it; without anything it waits until the platform has something.</summary>
    /// <param name="sink">Opens the place the file goes to.</param>
    /// <param name="watcher">Told how far it is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<HubOutcome> DownloadAsync(HubSink sink, IProgress<HubMoved>? watcher, CancellationToken ct) =>
        WhileOpenAsync(either => _downloads.RunAsync(ask: true, sink, watcher, either), ct);

    /// <summary>The same without asking: waits for what the platform pushes, or has pushed since the last file.</summary>
    /// <inheritdoc cref="DownloadAsync"/>
    public Task<HubOutcome> ReceiveAsync(HubSink sink, IProgress<HubMoved>? watcher, CancellationToken ct) =>
        WhileOpenAsync(either => _downloads.RunAsync(ask: false, sink, watcher, either), ct);

    /// <summary>Publishes one message outside of any conversation. Answers to it are dropped.</summary>
    /// <exception cref="ArgumentException">The message is too long or not Unicode.</exception>
    /// <exception cref="MqttException">The connection is lost.</exception>
    public Task PublishAsync(HubUp message, CancellationToken ct) => _link.PublishAsync(message, ct);

    /// <summary>Ends the device as a power cut does: the connection breaks, nothing is said.</summary>
    public void Abort()
    {
        _end.Cancel();
        _client.Abort();
    }

    /// <summary>Breaks off what is under way and disconnects.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _client.DisposeAsync();
        await _watching;
    }

    async Task OpenAsync(HubDeviceOptions options, CancellationToken ct)
    {
        var version = options.Variant == HubVariant.Python ? MqttVersion.V31 : MqttVersion.V311;
        var keepAlive = options.Variant == HubVariant.Python ? (ushort)60 : (ushort)120;
        _client = await MqttClient.ConnectAsync(
            new()
            {
                Host = options.Host,
                Port = options.Port,
                Tls = options.Tls,
                Connect = options.Identity.NewConnect(version, keepAlive),
                OnMessage = OnMessageAsync,
                OnConnected = OnConnectedAsync,
                Reconnect = options.Reconnect,
                Clock = options.Clock,
            },
            ct);
        _watching = WatchAsync(_client);
        try
        {
            await _client.SubscribeAsync(HubTopics.Down(options.Identity.Product, options.Identity.Device), MqttQos.AtLeastOnce, ct);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
        _link.Open(_client);
    }

    async ValueTask OnConnectedAsync(MqttClient client, CancellationToken ct)
    {
        if (_link.IsOpen)
            await _downloads.ReconnectedAsync(ct);
    }

    ValueTask OnMessageAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        if (HubDownReader.TryRead(message.Payload.Span, out var down, out _))
            Take(down);
        return default;
    }

    void Take(HubDown message)
    {
        switch (message)
        {
            case CreateUploadTaskResponse offer:
                _uploads.Offered(offer);
                break;
            case ReportUploadProgressResponse answer:
                _uploads.Answered(answer.ResultCode);
                break;
            case GetDownloadTaskResponse(var resource, var url):
                _downloads.Offered(new(resource, url));
                break;
            case Download(var resource, var url):
                _downloads.Offered(new(resource, url));
                break;
            case ReportDownloadProgressResponse answer:
                _downloads.Answered(answer.ResultCode);
                break;
        }
    }

    async Task WatchAsync(MqttClient client)
    {
        try
        {
            await client.Closed;
        }
        finally
        {
            await _end.CancelAsync();
        }
    }

    async Task<HubOutcome> WhileOpenAsync(Func<CancellationToken, Task<HubOutcome>> run, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _end.Token);
        try
        {
            return await run(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && _end.IsCancellationRequested)
        {
            throw new MqttException(MqttReasonCode.UnspecifiedError, "The device has ended.");
        }
    }
}

/// <summary>
/// Opens the place a download goes to: a seekable stream to read and write. What it holds already is taken for the beginning of the file,
/// and only the rest is fetched. It is disposed when the transfer has ended, well or not.
/// </summary>
public delegate ValueTask<Stream> HubSink(HubResource resource, CancellationToken ct);
