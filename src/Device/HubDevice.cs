using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>
/// A device of the Tencent IoT Hub resource management protocol: uploads files and fetches what the platform has for it, one file per
/// direction at a time, with the vendor SDK's messages. All members may be used from any thread.
/// </summary>
public sealed class HubDevice : TencentDevice
{
    readonly HubLink _link;
    readonly HubUploads _uploads;
    readonly HubDownloads _downloads;

    HubDevice(HubDeviceOptions options)
    {
        var http = FileServer.On(options.Http);
        Session = new(options, HubTopics.Up(options.Identity.Product, options.Identity.Device))
        {
            OnMessage = OnMessageAsync,
            OnReconnected = ct => new(_downloads!.ReconnectedAsync(ct)),
        };
        _link = new(options, Session);
        _uploads = new(_link, http);
        _downloads = new(_link, http);
    }

    private protected override DeviceSession Session { get; }

    /// <summary>Connects and subscribes the device's down topic.</summary>
    /// <exception cref="MqttException">The platform refused the credentials or the subscription.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no server, and <see cref="DeviceOptions.Reconnect"/> is off.</exception>
    public static async Task<HubDevice> ConnectAsync(HubDeviceOptions options, CancellationToken ct)
    {
        var device = new HubDevice(options);
        var isPython = options.Variant == HubVariant.Python;
        await device.Session.OpenAsync(
            options.Identity.NewConnect(isPython ? MqttVersion.V31 : MqttVersion.V311, isPython ? (ushort)60 : (ushort)120),
            HubTopics.Down(options.Identity.Product, options.Identity.Device),
            ct);
        return device;
    }

    /// <summary>Uploads a file; several wait for each other.</summary>
    /// <param name="file">What to upload.</param>
    /// <param name="watcher">Told how far it is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="InvalidOperationException">The name is not one the protocol can carry.</exception>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<HubOutcome> UploadAsync(HubFile file, IProgress<BytesMoved>? watcher, CancellationToken ct) =>
        Session.WhileOpenAsync(either => _uploads.RunAsync(file, watcher, either), ct);

    /// <summary>Asks what there is for the device and fetches it; without anything it waits until the platform has something.</summary>
    /// <param name="sink">Opens the place the file goes to.</param>
    /// <param name="watcher">Told how far it is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<HubOutcome> DownloadAsync(HubSink sink, IProgress<BytesMoved>? watcher, CancellationToken ct) =>
        Session.WhileOpenAsync(either => _downloads.RunAsync(ask: true, sink, watcher, either), ct);

    /// <summary>The same without asking: waits for what the platform pushes, or has pushed since the last file.</summary>
    /// <inheritdoc cref="DownloadAsync"/>
    public Task<HubOutcome> ReceiveAsync(HubSink sink, IProgress<BytesMoved>? watcher, CancellationToken ct) =>
        Session.WhileOpenAsync(either => _downloads.RunAsync(ask: false, sink, watcher, either), ct);

    /// <summary>Publishes one message outside of any conversation. Answers to it are dropped.</summary>
    /// <exception cref="ArgumentException">The message is too long or not Unicode.</exception>
    /// <exception cref="MqttException">The connection is lost.</exception>
    public Task PublishAsync(HubUp message, CancellationToken ct) => _link.PublishAsync(message, ct);

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
}

/// <summary>
/// Opens the place a download goes to: a seekable stream to read and write. What it holds already is taken for the beginning of the file,
/// and only the rest is fetched. It is disposed when the transfer has ended, well or not.
/// </summary>
public delegate ValueTask<Stream> HubSink(HubResource resource, CancellationToken ct);
