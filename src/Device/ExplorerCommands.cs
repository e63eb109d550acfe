using System.Threading.Channels;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>What the platform tells the device to do, one thing at a time; what else it says meanwhile is lost.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim owns nothing as long as nobody asks for its wait handle
sealed class ExplorerCommands(ExplorerLink link, SemaphoreSlim turn, HttpMessageInvoker http)
#pragma warning restore CA1001
{
    readonly Channel<ExplorerDown> _told = Channel.CreateBounded<ExplorerDown>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly SemaphoreSlim _one = new(1, 1);
    volatile bool _isBusy;
    volatile bool _isListDue;

    /// <summary>Whether a download runs, and everything that comes is dropped.</summary>
    public bool IsBusy => _isBusy;

    public void Told(ExplorerDown command)
    {
        if (!_isBusy && !link.IsDeaf)
            _told.Writer.TryWrite(command);
    }

    /// <summary>A list reported while something is under way would wipe that: it waits.</summary>
    public async ValueTask ReconnectedAsync(CancellationToken ct)
    {
        _isListDue = true;
        if (!_isBusy)
            await CatchUpAsync(ct);
    }

    public async Task<IReadOnlyList<ExplorerResource>> ReflashAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            link.Options.Storage.Clear();
            var answer = await link.ReportAsync(ct);
            await answer.WaitAsync(ct);
            return link.Options.Storage.Held;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task<ExplorerOutcome> RunAsync(IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var command = await _told.Reader.ReadAsync(ct);
            await turn.WaitAsync(ct);
            try
            {
                _isBusy = true;
                return command is UpdateResource update ? await FetchAsync(update, watcher, ct) : await DeleteAsync(((DeleteResource)command).Resource, ct);
            }
            finally
            {
                _isBusy = false;
                turn.Release();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    async Task<ExplorerOutcome> FetchAsync(UpdateResource command, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        var download = new ExplorerDownload(link, http, command, watcher);
        var code = await download.RunAsync(ct);
        if (code == ExplorerResults.Ok)
        {
            watcher?.Report(new(command.Size, command.Size));
            await download.BurnAsync(ct);
            link.Options.Storage.Put(command.Resource);
        }
        await EndAsync(Reporting, code, ct);
        return Outcome(ExplorerTransfer.Download, command.Resource, code, download.Repeated + 1);

        Task Reporting() => download.ReportAsync(link.Manners.Final(code, TextOf(code)), ct);
    }

    async Task<ExplorerOutcome> DeleteAsync(ExplorerResource resource, CancellationToken ct)
    {
        var code = await EraseAsync(resource, ct);
        await EndAsync(Reporting, code, ct);
        return Outcome(ExplorerTransfer.Removal, resource, code, 1);

        Task Reporting() => link.SayAsync(new DeleteResult(resource.Name, resource.Version, link.Manners.Final(code, TextOf(code))), ct);
    }

    /// <summary>What is not there is as good as deleted.</summary>
    async Task<int> EraseAsync(ExplorerResource resource, CancellationToken ct)
    {
        var storage = link.Options.Storage;
        try
        {
            IReadOnlyList<ExplorerResource> all = link.Manners.ClearsOnDeletion ? storage.Held : [];
            foreach (var one in all.Where(r => r.Name != resource.Name).Prepend(resource))
            {
                await storage.Erase(one, ct);
                storage.Remove(one.Name);
            }
            return ExplorerResults.Ok;
        }
        catch (IOException)
        {
            return ExplorerResults.DeleteFailed;
        }
    }

    /// <summary>The final report, and the list where the SDK reports it then. The next command may follow either at once.</summary>
    async Task EndAsync(Func<Task> report, int code, CancellationToken ct)
    {
        if (link.Manners.IsSilentAfterRefusal && code is ExplorerResults.FileNotExist or ExplorerResults.AuthFailed)
        {
            link.IsDeaf = true;
            await report();
            await Task.Delay(link.Options.RetryDelay, link.Options.Clock, ct);
            _isListDue = true;
        }
        else
        {
            _isBusy = false;
            await report();
            _isListDue |= code == ExplorerResults.Ok && link.Manners.ListsAfterChange;
        }
        _isBusy = false;
        await CatchUpAsync(ct);
    }

    async Task CatchUpAsync(CancellationToken ct)
    {
        if (!_isListDue)
            return;
        _isListDue = false;
        await link.ReportAsync(ct);
    }

    static ExplorerOutcome Outcome(ExplorerTransfer kind, ExplorerResource resource, int code, int attempts) =>
        new(kind, resource, code == ExplorerResults.Ok ? TransferEnding.Ok : TransferEnding.Failed, code, attempts);

    static string TextOf(int code) => code switch
    {
        ExplorerResults.Md5NotMatched => "md5 check fail",
        ExplorerResults.NoSpace => "space not enough",
        ExplorerResults.DeleteFailed => "file del fail",
        _ => "time_out",
    };
}
