using System.Net.Http.Headers;
using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The upload direction: one file at a time, from create_upload_task to the answered final report.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim owns nothing as long as nobody asks for its wait handle
sealed class HubUploads(HubLink link, HttpMessageInvoker http)
#pragma warning restore CA1001
{
    static readonly MediaTypeHeaderValue Form = new("application/x-www-form-urlencoded");

    readonly SemaphoreSlim _turn = new(1, 1);
    volatile Asked? _asked;
    volatile HubReports? _reports;

    public void Offered(CreateUploadTaskResponse offer)
    {
        if (_asked is { } asked && asked.Resource == offer.Resource)
            asked.Offer.TrySetResult(offer);
    }

    public void Answered(int code) => _reports?.Answered(code);

    public async Task<HubOutcome> RunAsync(HubFile file, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var resource = await file.AnnounceAsync(ct);
            for (var attempt = 1; ; attempt++)
            {
                var (ending, code) = await TryAsync(file, resource, watcher, ct);
                if (ending != TransferEnding.Failed || attempt >= link.Options.Attempts)
                    return new(resource, ending, code, attempt);
                await Task.Delay(link.Options.RetryDelay, link.Options.Clock, ct);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<(TransferEnding Ending, int Code)> TryAsync(HubFile file, HubResource resource, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        using var reports = new HubReports(link, resource, static (name, progress) => new ReportUploadProgress(name, progress), ct)
        {
            Watcher = watcher,
        };
        try
        {
            if (await AskAsync(resource, ct) is not { } offer)
                return (TransferEnding.Failed, HubResults.TimedOut);
            _reports = reports;
            return await MoveAsync(offer.Url, file, resource, reports);
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

    async Task<CreateUploadTaskResponse?> AskAsync(HubResource resource, CancellationToken ct)
    {
        var asked = new Asked(resource, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _asked = asked;
        try
        {
            await link.PublishAsync(new CreateUploadTask(resource), ct);
            return await link.AnswerAsync(asked.Offer.Task, link.Options.UrlTimeout, ct);
        }
        finally
        {
            _asked = null;
        }
    }

    async Task<(TransferEnding Ending, int Code)> MoveAsync(string url, HubFile file, HubResource resource, HubReports reports)
    {
        var code = await PutAsync(url, file, resource, reports);
        if (code == HubResults.Ok)
            await reports.AllMovedAsync();
        if (reports.IsCanceled || code != HubResults.Ok)
        {
            await reports.FailAsync(reports.IsCanceled ? HubResults.TimedOut : code);
            return reports.IsCanceled ? (TransferEnding.Canceled, HubResults.TimedOut) : (TransferEnding.Failed, code);
        }
        return await reports.DoneAsync() switch
        {
            { Code: HubResults.Ok } => (TransferEnding.Ok, HubResults.Ok),
            null => (TransferEnding.Failed, HubResults.TimedOut),
            { } refusal => (TransferEnding.Canceled, refusal.Code),
        };
    }

    async Task<int> PutAsync(string url, HubFile file, HubResource resource, HubReports reports)
    {
        using var stall = new Stall(link.Options.StallTimeout, link.Options.Clock, reports.Going);
        async ValueTask MovedAsync(long bytes)
        {
            stall.Moved();
            await reports.MovedAsync(bytes);
        }

        using var body = new UploadBody(file.Content, resource.Size, MovedAsync);
        body.Headers.ContentType = Form;
        body.Headers.ContentMD5 = resource.Md5.Digest.ToBytes();
        try
        {
            await MovedAsync(0);
            return await FileServer.PutAsync(http, url, body, stall.Token);
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

    sealed record Asked(HubResource Resource, TaskCompletionSource<CreateUploadTaskResponse> Offer);
}
