using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>
/// A device of the Tencent IoT Explorer file management protocol: says what it holds, does what the platform tells it, and uploads, with
/// the manners of one of the vendor's SDKs. All members may be used from any thread.
/// </summary>
public sealed class ExplorerDevice : TencentDevice
{
    readonly ExplorerLink _link;
    readonly ExplorerCommands _commands;
    readonly ExplorerUploads _uploads;

    ExplorerDevice(ExplorerDeviceOptions options)
    {
        var http = FileServer.On(options.Http);
        Session = new(options, ExplorerTopics.Up(options.Identity.Product, options.Identity.Device))
        {
            OnMessage = OnMessageAsync,
            OnReconnected = ct => _commands!.ReconnectedAsync(ct),
        };
        _link = new(options, Session);
        // The SDKs do one thing at a time
        var turn = new SemaphoreSlim(1, 1);
        _commands = new(_link, turn, http);
        _uploads = new(_link, turn, http);
    }

    private protected override DeviceSession Session { get; }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<ExplorerResource> Held => _link.Options.Storage.Held;

    /// <summary>Connects, subscribes the device's down topic, and says what the device holds.</summary>
    /// <exception cref="MqttException">The platform refused the credentials or the subscription.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no server, and <see cref="DeviceOptions.Reconnect"/> is off.</exception>
    public static async Task<ExplorerDevice> ConnectAsync(ExplorerDeviceOptions options, CancellationToken ct)
    {
        var device = new ExplorerDevice(options);
        var manners = device._link.Manners;
        await device.Session.OpenAsync(
            manners.Sign(options.Identity).NewConnect(MqttVersion.V311, manners.KeepAliveSeconds),
            ExplorerTopics.Down(options.Identity.Product, options.Identity.Device),
            ct);
        await device._link.ReportAsync(ct);
        return device;
    }

    /// <summary>Does the next thing the platform tells it, or has told it since the last one: fetches or deletes a file.</summary>
    /// <param name="watcher">Told how far a download is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<ExplorerOutcome> ReceiveAsync(IProgress<BytesMoved>? watcher, CancellationToken ct) =>
        Session.WhileOpenAsync(either => _commands.RunAsync(watcher, either), ct);

    /// <summary>Uploads a file; several wait for each other, and for what <see cref="ReceiveAsync"/> does.</summary>
    /// <param name="file">What to upload.</param>
    /// <param name="watcher">Told how far it is, on whatever thread moves the bytes.</param>
    /// <param name="ct">Breaks it off; the platform is not told.</param>
    /// <exception cref="InvalidOperationException">The name or version is not one the protocol can carry.</exception>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<ExplorerOutcome> UploadAsync(ExplorerFile file, IProgress<BytesMoved>? watcher, CancellationToken ct) =>
        Session.WhileOpenAsync(either => _uploads.RunAsync(file, watcher, either), ct);

    /// <summary>
    /// Loses its list, as when the firmware is written anew, and asks the platform for it: gives what it holds then, which is nothing for
    /// C 3.x, as that does not understand the answer.
    /// </summary>
    /// <exception cref="MqttException">The device has ended.</exception>
    public Task<IReadOnlyList<ExplorerResource>> ReflashAsync(CancellationToken ct) => Session.WhileOpenAsync(_commands.ReflashAsync, ct);

    /// <summary>Says what it holds, as the C sample does to start over: what the platform wants it to have and it has not is pushed again.</summary>
    public Task ReportAsync(CancellationToken ct) => _link.ReportAsync(ct);

    /// <summary>Publishes one message outside of any conversation.</summary>
    /// <exception cref="ArgumentException">The message is too long or not Unicode.</exception>
    /// <exception cref="MqttException">The connection is lost.</exception>
    public Task PublishAsync(ExplorerUp message, CancellationToken ct) => _link.PublishAsync(message, ct);

    async ValueTask OnMessageAsync(MqttClient client, MqttMessage message, CancellationToken ct)
    {
        if (!ExplorerDownReader.TryRead(message.Payload.Span, out var down, out _))
            return;
        switch (down)
        {
            case ReportVersionResponse answer when !_commands.IsBusy:
                _link.Answered(answer);
                break;
            case RequestUrlResponse answer when !_commands.IsBusy:
                await _uploads.Answered(answer);
                break;
            case UpdateResource or DeleteResource:
                _commands.Told(down);
                break;
        }
    }
}
