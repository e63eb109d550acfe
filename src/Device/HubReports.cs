using Waybill.Mqtt.Client;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>
/// What one attempt reports. Answers carry no name, so at most one report is unanswered at a time: a running report that finds
/// another still out is left out, a final one waits for it. An answer other than 0 cancels <see cref="Going"/>.
/// </summary>
sealed class HubReports(HubLink link, HubResource resource, Func<string, HubProgress, HubUp> report, CancellationToken ct) : IDisposable
{
    readonly CancellationTokenSource _going = CancellationTokenSource.CreateLinkedTokenSource(ct);
    readonly Lock _lock = new();
    TaskCompletionSource<ReportAnswer>? _out;
    long? _sentAt;

    /// <summary>Cancelled when the platform, or whoever started the transfer, wants it stopped.</summary>
    public CancellationToken Going => _going.Token;

    /// <summary>Whether the platform wants it stopped.</summary>
    public bool IsCanceled { get; private set; }

    /// <summary>Whether the report that is out is the last one.</summary>
    public bool IsEnding { get; private set; }

    public IProgress<BytesMoved>? Watcher { get; init; }

    /// <summary>The platform answered the report that is out.</summary>
    public void Answered(int code)
    {
        lock (_lock)
        {
            if (_out is null)
                return;
            _out.SetResult(new(code));
            _out = null;
            IsCanceled |= code != HubResults.Ok;
            if (IsCanceled)
                _going.Cancel();
        }
    }

    /// <summary>Bytes moved; reported when the last report is long enough ago.</summary>
    public async ValueTask MovedAsync(long bytes)
    {
        var moved = new BytesMoved(bytes, resource.Size);
        Watcher?.Report(moved);
        var options = link.Options;
        if (_sentAt is { } last && options.Clock.GetElapsedTime(last) < options.ReportInterval)
            return;
        // Python reports nothing at the start
        if (_sentAt is null && options.Variant == HubVariant.Python)
            _sentAt = options.Clock.GetTimestamp();
        else if (TryTakeTurn())
            await SendIfConnectedAsync(moved.Percent);
    }

    /// <summary>All bytes are moved. The C SDK reports 100 % apart from the end. What is out is answered when this ends.</summary>
    public async Task AllMovedAsync()
    {
        Watcher?.Report(new(resource.Size, resource.Size));
        if (link.Options.Variant == HubVariant.C)
        {
            await ExpectAsync();
            await SendIfConnectedAsync(100);
        }
        await SettleAsync();
    }

    async Task SettleAsync()
    {
        Task<ReportAnswer>? earlier;
        lock (_lock) earlier = _out?.Task;
        if (earlier is not null)
            await link.AnswerAsync(earlier, link.Options.ReportTimeout, ct);
    }

    /// <summary>The attempt succeeded; gives the answer, or null when there was none in time.</summary>
    public async Task<ReportAnswer?> DoneAsync()
    {
        var answer = await ExpectAsync();
        IsEnding = true;
        await SendAsync(HubState.Done, 100, HubResults.Ok);
        return await link.AnswerAsync(answer, link.Options.ReportTimeout, ct);
    }

    /// <summary>The attempt failed. The C SDK reports a refusal of the file server twice, the second time as a time-out.</summary>
    public async Task FailAsync(int code)
    {
        await FailOnceAsync(code);
        if (link.Options.Variant == HubVariant.C && code is HubResults.SignInvalid or HubResults.FileNotExist)
            await FailOnceAsync(HubResults.TimedOut);
    }

    public void Dispose()
    {
        lock (_lock) _out = null;
        _going.Dispose();
    }

    async Task FailOnceAsync(int code)
    {
        var answer = await ExpectAsync();
        await SendAsync(HubState.Fail, null, code);
        await link.AnswerAsync(answer, link.Options.ReportTimeout, ct);
    }

    /// <summary>Bytes move without MQTT: a running report is not worth an attempt.</summary>
    async Task SendIfConnectedAsync(int percent)
    {
        try
        {
            await SendAsync(HubState.Running, percent, HubResults.Ok);
        }
        catch (MqttException)
        {
            lock (_lock) _out = null;
        }
    }

    bool TryTakeTurn()
    {
        lock (_lock)
        {
            // An answer that is long overdue will not come any more
            if (_out is not null && link.Options.Clock.GetElapsedTime(_sentAt!.Value) < link.Options.ReportTimeout)
                return false;
            _out = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    async Task<Task<ReportAnswer>> ExpectAsync()
    {
        await SettleAsync();
        lock (_lock)
        {
            _out = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _out.Task;
        }
    }

    async Task SendAsync(HubState state, int? percent, int code)
    {
        _sentAt = link.Options.Clock.GetTimestamp();
        var text = code switch
        {
            HubResults.Ok => "",
            HubResults.FileNotExist => "file_not_exist",
            HubResults.SignInvalid => "sign invalid",
            HubResults.Md5NotMatched => "md5sum not matched",
            _ => "time_out",
        };
        await link.PublishAsync(report(resource.Name, new(state, percent, code, text)), ct);
    }
}

sealed record ReportAnswer(int Code);
