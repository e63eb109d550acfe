using System.Text.RegularExpressions;
using Waybill.Device;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;
using Waybill.Tests.Protocols;
using Xunit;

namespace Waybill.Tests.Transcripts;

/// <summary>The application of a transcript on its device; one attempt at a time, for it is the transcript that tries again.</summary>
sealed partial class PlayedApplication(HubDevice device, Transcript transcript, TranscriptWords words) : IAsyncDisposable
{
    readonly string _files = Directory.CreateTempSubdirectory("waybill-device-").FullName;
    readonly CancellationTokenSource _end = new();
    Task<HubOutcome>? _last;

    /// <summary>Whether the platform stops what is running.</summary>
    public bool IsStopped { get; set; }

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
        return new(await HubDevice.ConnectAsync(isPython ? options : options with { ReportInterval = TimeSpan.Zero }, House.Soon), transcript, words);
    }

    public void Upload(string name, byte[] content, string announced)
    {
        Stream stream = Gate() is { } percent ? new GatedContent(content, percent) : new MemoryStream(content);
        Assert.True(Md5Digest.TryParse(words.Fill($"{{{announced}.md5}}"), out var md5));
        _last = device.UploadAsync(new(name, stream) { Md5 = md5 }, watcher: null, _end.Token);
    }

    public async Task FetchAsync()
    {
        if (_last is not null)
            await _last.WaitAsync(House.Soon);
        _last = device.DownloadAsync(Open, watcher: null, _end.Token);
    }

    public void Receive() => _last = device.ReceiveAsync(Open, watcher: null, _end.Token);

    public Task<HubOutcome> OutcomeAsync() => _last!.WaitAsync(House.Soon);

    /// <summary>Waits for what is under way; what waits for the platform is ended.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _last!.WaitAsync(House.Soon);
        }
        catch (OperationCanceledException)
        {
            // It waited for a push that does not come
        }
    }

    public async ValueTask DisposeAsync()
    {
        await device.DisposeAsync();
        _end.Dispose();
        Directory.Delete(_files, recursive: true);
    }

    ValueTask<Stream> Open(HubResource resource, CancellationToken ct) => new(new FileStream(Path.Join(_files, resource.Name), FileMode.OpenOrCreate));

    /// <summary>A percentage the device must say before it is done; null when there is none.</summary>
    int? Gate() => transcript.Steps.Where(s => s.Mark == ">").Select(s => Running().Match(s.Text)).Where(m => m.Success)
        .Select(m => (int?)int.Parse(m.Groups["percent"].ValueSpan)).FirstOrDefault(p => p > 0);

    [GeneratedRegex("\"report_upload_progress\".*\"percent\":(?<percent>\\d+),\"state\":\"uploading\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Running();
}
