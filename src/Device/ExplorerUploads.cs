using System.Net.Http.Headers;
using Waybill.Mqtt.Client;
using Waybill.Protocols;
using Waybill.Protocols.TencentExplorer;

namespace Waybill.Device;

/// <summary>The upload direction: one file at a time, from <c>request_url</c> to <c>report_post_result</c>.</summary>
#pragma warning disable CA1001 // A SemaphoreSlim owns nothing as long as nobody asks for its wait handle
sealed class ExplorerUploads(ExplorerLink link, SemaphoreSlim turn, HttpMessageInvoker http)
#pragma warning restore CA1001
{
    static readonly MediaTypeHeaderValue Jpeg = new("image/jpeg");

    readonly SemaphoreSlim _one = new(1, 1);
    volatile Asked? _asked;

    /// <summary>Ends when the device hears again.</summary>
    public Task Answered(RequestUrlResponse answer)
    {
        if (_asked is not { } asked || asked.Id.Text != answer.Id.Text)
            return Task.CompletedTask;
        asked.Answer.TrySetResult(answer);
        return link.Manners.UploadsInCallback ? asked.Ended.Task : Task.CompletedTask;
    }

    public async Task<ExplorerOutcome> RunAsync(ExplorerFile file, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        if ((ResourceNames.Refusal(file.Name, ExplorerLimits.MaxNameUp) ?? ResourceNames.Refusal(file.Version, ExplorerLimits.MaxVersionUp)) is { } refusal)
            throw new InvalidOperationException("The name or version " + refusal + ".");
        await _one.WaitAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var code = await TryAsync(file, watcher, ct);
                if (code == ExplorerResults.Ok || attempt >= link.Options.Attempts)
                    return new(ExplorerTransfer.Upload, new(file.Name, file.Version, file.Type), EndingOf(code), code, attempt);
                await Task.Delay(link.Options.RetryDelay, link.Options.Clock, ct);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    static TransferEnding EndingOf(int code) => code == ExplorerResults.Ok ? TransferEnding.Ok : TransferEnding.Failed;

    async Task<int> TryAsync(ExplorerFile file, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        var asked = new Asked(link.NewRequestId(file));
        _asked = asked;
        try
        {
            await AskAsync(asked.Id, file, ct);
            if (await link.AnswerAsync(asked.Answer.Task, link.Options.UrlTimeout, ct) is not { } answer)
                return ExplorerResults.TimedOut;
            return await MoveAsync(answer, file, watcher, ct);
        }
        catch (MqttException)
        {
            return ExplorerResults.TimedOut;
        }
        finally
        {
            _asked = null;
            asked.Ended.TrySetResult();
        }
    }

    /// <summary>While a download runs the answer would be lost.</summary>
    async Task AskAsync(ExplorerRequestId id, ExplorerFile file, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await link.PublishAsync(new RequestUrl(id, file.Name, file.Version, file.Type), ct);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<int> MoveAsync(RequestUrlResponse answer, ExplorerFile file, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            var code = await PutAsync(answer.Url, file, watcher, ct);
            var said = code == ExplorerResults.Ok ? code : link.Manners.PostFailed;
            await link.PublishAsync(new ReportPostResult(answer.Token, link.Manners.Final(said, "post_fail")), ct);
            return code;
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<int> PutAsync(string url, ExplorerFile file, IProgress<BytesMoved>? watcher, CancellationToken ct)
    {
        using var stall = new Stall(link.Options.StallTimeout, link.Options.Clock, ct);
        var size = file.Content.Length;
        ValueTask MovedAsync(long bytes)
        {
            stall.Moved();
            watcher?.Report(new(bytes, size));
            return default;
        }

        using var body = new UploadBody(file.Content, size, MovedAsync);
        body.Headers.ContentType = Jpeg;
        try
        {
            await MovedAsync(0);
            return await FileServer.PutAsync(http, url, body, stall.Token);
        }
        catch (IOException)
        {
            return ExplorerResults.TimedOut;
        }
        catch (OperationCanceledException) when (stall.IsOver)
        {
            return ExplorerResults.TimedOut;
        }
    }

    sealed class Asked(ExplorerRequestId id)
    {
        public ExplorerRequestId Id => id;

        public TaskCompletionSource<RequestUrlResponse> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
