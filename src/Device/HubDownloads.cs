using System.Net.Http.Headers;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The download direction: one file at a time; what is offered meanwhile is ignored.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim owns nothing as long as nobody asks for its wait handle
sealed class HubDownloads(HubLink link, HttpMessageInvoker http)
#pragma warning restore CA1001
{
    readonly SemaphoreSlim _turn = new(1, 1);
    readonly HubOfferSlot _slot = new();
    volatile HubReports? _reports;
    volatile bool _isAsking;

    public void Offered(HubOffer offer) => _slot.Put(offer);

    public void Answered(int code)
    {
        if (_reports is not { } reports)
            return;
        // From here on the same file may be offered anew
        if (reports.IsEnding)
            _slot.Finished();
        reports.Answered(code);
    }

    /// <summary>What was asked on the lost connection was asked in vain.</summary>
    public Task ReconnectedAsync(CancellationToken ct) => _isAsking ? link.PublishAsync(new GetDownloadTask(), ct) : Task.CompletedTask;

    public async Task<HubOutcome> RunAsync(bool ask, HubSink sink, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var offer = await NextAsync(ask, ct);
            await using var content = await sink(offer.Resource, ct);
            using var saved = new SavedContent(content, offer.Resource.Size, offer.Resource.Md5.Digest);
            await saved.LoadAsync(ct);
            for (var attempt = 1; ; attempt++)
            {
                var (ending, code) = await TryAsync(offer, saved, watcher, ct);
                if (ending != TransferEnding.Failed || attempt >= link.Options.Attempts)
                    return new(offer.Resource, ending, code, attempt);
                await Task.Delay(link.Options.RetryDelay, link.Options.Clock, ct);
                if (await AgainAsync(offer, ct) is not { } next)
                    return new(offer.Resource, ending, code, attempt);
                offer = next;
            }
        }
        finally
        {
            _slot.Finished();
            _turn.Release();
        }
    }

    async Task<HubOffer> NextAsync(bool ask, CancellationToken ct)
    {
        if (!ask)
            return await _slot.TakeAsync(ct);
        _slot.Clear();
        _isAsking = true;
        try
        {
            await AskAsync(ct);
            return await _slot.TakeAsync(ct);
        }
        finally
        {
            _isAsking = false;
        }
    }

    /// <summary>Asks after a failed attempt; null when the platform has something else by now, or nothing.</summary>
    async Task<HubOffer?> AgainAsync(HubOffer offer, CancellationToken ct)
    {
        _slot.Finished();
        _slot.Clear();
        await AskAsync(ct);
        using var patience = new CancellationTokenSource(link.Options.UrlTimeout, link.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            var next = await _slot.TakeAsync(either.Token);
            return next.Resource == offer.Resource ? next : null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    async Task AskAsync(CancellationToken ct)
    {
        try
        {
            await link.PublishAsync(new GetDownloadTask(), ct);
        }
        catch (MqttException) when (link.Options.Reconnect)
        {
            // Asked again when the connection is back
        }
    }

    async Task<(TransferEnding Ending, int Code)> TryAsync(HubOffer offer, SavedContent saved, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        using var reports = new HubReports(link, offer.Resource, static (name, progress) => new ReportDownloadProgress(name, progress), ct)
        {
            Watcher = watcher,
        };
        _reports = reports;
        try
        {
            var code = await GetAsync(offer, saved, reports);
            if (code == HubResults.Ok)
                await reports.AllMovedAsync();
            if (!reports.IsCanceled && code == HubResults.Ok)
            {
                await reports.DoneAsync();
                return (TransferEnding.Ok, code);
            }
            await reports.FailAsync(reports.IsCanceled ? HubResults.TimedOut : code);
            return reports.IsCanceled ? (TransferEnding.Canceled, HubResults.TimedOut) : (TransferEnding.Failed, code);
        }
        catch (MqttException)
        {
            return (TransferEnding.Failed, HubResults.TimedOut);
        }
        finally
        {
            _reports = null;
        }
    }

    /// <summary>Like the C SDK's, the range ends at the size, one byte too far.</summary>
    static RangeHeaderValue? Rest(HubOffer offer, SavedContent saved) => offer.Resource.Size > 0 ? new(saved.Length, offer.Resource.Size) : null;

    async Task<int> GetAsync(HubOffer offer, SavedContent saved, HubReports reports)
    {
        using var stall = new Stall(link.Options.StallTimeout, link.Options.Clock, reports.Going);
        try
        {
            await reports.MovedAsync(saved.Length);
            if (!saved.IsWhole || saved.Length == 0)
            {
                var (response, code) = await FileServer.GetAsync(http, offer.Url, Rest(offer, saved), stall.Token);
                using (response)
                {
                    if (code != HubResults.Ok)
                        return code;
                    await saved.FillAsync(response, offer.Resource.Size, reports.MovedAsync, stall);
                }
            }
            return await saved.CheckAsync(stall.Token);
        }
        catch (IOException)
        {
            return HubResults.TimedOut;
        }
        catch (OperationCanceledException) when (stall.IsOver || reports.IsCanceled)
        {
            return HubResults.TimedOut;
        }
    }
}

/// <summary>A <c>download</c> or <c>get_download_task_rsp</c>.</summary>
sealed record HubOffer(HubResource Resource, string Url);
