using System.Text.RegularExpressions;
using Waybill.Device;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>A device of the Hub dialect.</summary>
sealed partial class PlayedHub(HubDevice device, Transcript transcript, TranscriptWords words) : PlayedApplication
{
    Task<HubOutcome>? _last;

    public static async Task<PlayedApplication> StartAsync(int port, Transcript transcript, TranscriptWords words)
    {
        var isPython = transcript.Device == "python";
        var options = new HubDeviceOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Identity = new(PlayedDevice.Product, PlayedDevice.Device, "MDEyMzQ1Njc4OWFiY2RlZg=="),
            Variant = isPython ? HubVariant.Python : HubVariant.C,
            Attempts = 1,
            Reconnect = false,
        };
        // Every percentage that a transcript has written is to be said
        return new PlayedHub(await HubDevice.ConnectAsync(isPython ? options : options with { ReportInterval = TimeSpan.Zero }, House.Soon), transcript, words);
    }

    public override void Upload(string name, byte[] content, string announced)
    {
        Stream stream = Gate() is { } percent ? new GatedContent(content, percent) : new MemoryStream(content);
        Assert.True(Md5Digest.TryParse(words.Fill($"{{{announced}.md5}}"), out var md5));
        _last = device.UploadAsync(new(name, stream) { Md5 = md5 }, watcher: null, Ended);
    }

    public override async Task FetchAsync()
    {
        if (_last is not null)
            await _last.WaitAsync(House.Soon);
        _last = device.DownloadAsync(OpenAsync, watcher: null, Ended);
    }

    public override void Receive() => _last = device.ReceiveAsync(OpenAsync, watcher: null, Ended);

    public override async Task<TransferOutcome> OutcomeAsync(string direction) => await _last!.WaitAsync(House.Soon);

    protected override Task LastAsync() => _last!;

    protected override ValueTask CloseAsync() => device.DisposeAsync();

    ValueTask<Stream> OpenAsync(HubResource resource, CancellationToken ct) => Open(resource.Name);

    /// <summary>A percentage the device must say before it is done; null when there is none.</summary>
    int? Gate() => transcript.Steps.Where(s => s.Mark == ">").Select(s => Running().Match(s.Text)).Where(m => m.Success)
        .Select(m => (int?)int.Parse(m.Groups["percent"].ValueSpan)).FirstOrDefault(p => p > 0);

    [GeneratedRegex("\"report_upload_progress\".*\"percent\":(?<percent>\\d+),\"state\":\"uploading\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Running();
}
