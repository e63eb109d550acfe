using System.Text;
using Waybill.Device;
using Waybill.Protocols.TencentExplorer;
using Waybill.Tests.Protocols;

namespace Waybill.Tests.Transcripts;

/// <summary>A device of the Explorer dialect, which takes what it is told from the beginning on.</summary>
sealed class PlayedExplorer : PlayedApplication
{
    const string Version = "1.0.0";

    readonly string? _requestId;
    ExplorerDevice _device = null!;
    Task<ExplorerOutcome>? _told;
    Task<ExplorerOutcome>? _upload;

    PlayedExplorer(string? requestId) => _requestId = requestId;

    public static async Task<PlayedApplication> StartAsync(int port, Transcript transcript)
    {
        var said = transcript.Steps.Where(s => s.Mark == ">").Select(s => ExplorerUpReader.TryRead(Encoding.UTF8.GetBytes(s.Text), out var message, out _) ? message : null).ToList();
        // Of the SDKs only v4 lets the application choose it
        var app = new PlayedExplorer(transcript.Device == "v4" ? said.OfType<RequestUrl>().FirstOrDefault()?.Id.Text : null);
        var options = new ExplorerDeviceOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Identity = new(PlayedDevice.Product, PlayedDevice.Device, "MDEyMzQ1Njc4OWFiY2RlZg=="),
            Variant = Enum.Parse<ExplorerVariant>(transcript.Device, ignoreCase: true),
            // It held before what it reports first
            Storage = new(((ReportVersion)said[0]!).Resources) { Open = (resource, _) => app.Open(resource.Name), Erase = app.EraseAsync },
            Attempts = 1,
            RetryDelay = TimeSpan.FromMilliseconds(50),
            Reconnect = false,
            ReportInterval = TimeSpan.Zero,
        };
        app._device = await ExplorerDevice.ConnectAsync(options, House.Soon);
        return app;
    }

    public override void Upload(string name, byte[] content, string announced) =>
        _upload = _device.UploadAsync(new(name, Version, new MemoryStream(content)) { RequestId = _requestId }, watcher: null, Ended);

    public override Task FetchAsync() => throw new NotSupportedException("A device of this dialect asks for nothing.");

    public override void Receive() => _told = _device.ReceiveAsync(watcher: null, Ended);

    public override async Task<TransferOutcome> OutcomeAsync(string direction)
    {
        if (direction == "upload")
            return await _upload!.WaitAsync(House.Soon);
        var outcome = await _told!.WaitAsync(House.Soon);
        Receive();
        return outcome;
    }

    protected override async Task LastAsync()
    {
        if (_upload is not null)
            await _upload;
        await _told!;
    }

    protected override ValueTask CloseAsync() => _device.DisposeAsync();

    ValueTask EraseAsync(ExplorerResource resource, CancellationToken ct)
    {
        File.Delete(PathOf(resource.Name));
        return default;
    }
}
