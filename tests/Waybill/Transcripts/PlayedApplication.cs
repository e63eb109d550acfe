using Waybill.Device;

namespace Waybill.Tests.Transcripts;

/// <summary>The application of a transcript on its device; one attempt at a time, for it is the transcript that tries again.</summary>
abstract class PlayedApplication : IAsyncDisposable
{
    readonly string _files = Directory.CreateTempSubdirectory("waybill-device-").FullName;
    readonly CancellationTokenSource _end = new();

    /// <summary>Whether the platform stops what is running.</summary>
    public bool IsStopped { get; set; }

    protected CancellationToken Ended => _end.Token;

    public abstract void Upload(string name, byte[] content, string announced);

    public abstract Task FetchAsync();

    public abstract void Receive();

    /// <summary>Of what was done last in that direction.</summary>
    public abstract Task<TransferOutcome> OutcomeAsync(string direction);

    /// <summary>Waits for what is under way; what waits for the platform is ended.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        try
        {
            await LastAsync().WaitAsync(House.Soon);
        }
        catch (OperationCanceledException)
        {
            // It waited for a push that does not come
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _end.Dispose();
        Directory.Delete(_files, recursive: true);
    }

    protected abstract Task LastAsync();

    protected abstract ValueTask CloseAsync();

    protected string PathOf(string name) => Path.Join(_files, name);

    protected ValueTask<Stream> Open(string name) => new(new FileStream(PathOf(name), FileMode.OpenOrCreate));
}
