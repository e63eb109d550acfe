using Waybill.Data;

namespace Waybill.Logs;

/// <summary>
/// Drives campaigns: orders a request for each dock when its turn has come, chooses when it is listed, and notes how it ended. All of it
/// stands in rows, so that a restart goes on where it was.
/// </summary>
sealed partial class LogCampaignClock(LogCampaignRows campaigns, LogCampaignTurn turn, TimeProvider clock, ILogger<LogCampaignClock> logger)
    : PeriodicJob(TimeSpan.FromMilliseconds(500), clock, logger)
{
    /// <summary>Uploads of one campaign at a time: storage and links are others' too.</summary>
    const int MostUploads = 100;

    readonly ILogger _logger = logger;

    protected override async Task RunAsync(CancellationToken ct)
    {
        foreach (var campaign in await campaigns.OpenAsync(ct))
        {
            try
            {
                await DriveAsync(campaign, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogNotDriven(_logger, e, campaign.Id);
            }
        }
    }

    async Task DriveAsync(LogCampaign campaign, CancellationToken ct)
    {
        if (campaign.CanceledAt is not null)
            await CancelAsync(campaign, ct);
        else
            await OrderAsync(campaign, ct);
        foreach (var moved in await campaigns.MovedAsync(campaign, ct))
        {
            await (moved.LogState is { } state
                ? campaigns.NoteAsync(campaign, moved, (LogState)state, moved.LogReason, ct)
                : campaigns.NoteAsync(campaign, moved, LogState.Failed, "its log request is gone", ct));
        }
        await campaigns.EndAsync(campaign, ct);
    }

    async Task OrderAsync(LogCampaign campaign, CancellationToken ct)
    {
        if (campaign.DeadlineAt <= campaigns.Now())
            await campaigns.EndWaitingAsync(campaign, LogState.Timeout, "its turn did not come before the deadline", ct);
        foreach (var due in await campaigns.DueAsync(campaign, ct))
            await turn.OrderAsync(campaign, due, ct);
        var room = MostUploads - await campaigns.UploadingAsync(campaign, ct);
        foreach (var listed in room > 0 ? await campaigns.ListedAsync(campaign, room, ct) : [])
            await turn.ChooseAsync(campaign, listed, ct);
    }

    async Task CancelAsync(LogCampaign campaign, CancellationToken ct)
    {
        await campaigns.EndWaitingAsync(campaign, LogState.Canceled, "canceled", ct);
        foreach (var running in await campaigns.RunningAsync(campaign, ct))
            await turn.CancelAsync(running, ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Log campaign {Campaign} could not be driven on; it is tried again")]
    static partial void LogNotDriven(ILogger logger, Exception e, long campaign);
}

/// <summary>One dock's turn in a campaign.</summary>
sealed class LogCampaignTurn(LogCampaignRows campaigns, LogOrders orders, LogRows logs, Ids ids, LogPlace place)
{
    /// <summary>Another job of the dock, or what it is doing, passes.</summary>
    static bool Passes(RefusedException refusal) => refusal.Code is "log_request_open" or "dock_busy" or "aircraft_off";

    public async Task OrderAsync(LogCampaign campaign, OpenTarget target, CancellationToken ct)
    {
        if (target.LogState is null)
        {
            var id = target.LogId ?? await ids.NextAsync(ct);
            // known before it is made: a restart in between makes no second one
            if (target.LogId is null)
                await campaigns.GiveAsync(campaign, target, id, ct);
            try
            {
                await orders.OrderAsync(id, target.GatewayId, campaign.Modules, ct);
            }
            catch (RefusedException refusal)
            {
                await RefusedAsync(campaign, target, refusal, ct);
                return;
            }
        }
        await campaigns.FollowAsync(campaign, target, ct);
    }

    public async Task ChooseAsync(LogCampaign campaign, OpenTarget target, CancellationToken ct)
    {
        if (await logs.FindAsync(place.Database, target.LogId!.Value, ct) is not { State: LogState.Listed } request)
            return;
        var choices = LogSelection.Of(request.Lists, campaign.Since ?? long.MinValue, campaign.Until ?? long.MaxValue, campaign.Most);
        try
        {
            if (choices.Count > 0)
            {
                await orders.UploadAsync(request, choices, ct);
                return;
            }
            await orders.CancelAsync(request.Id, [], ct);
            await campaigns.NoteAsync(campaign, target, LogState.Canceled, "the dock has no logs of that time", ct);
        }
        catch (RefusedException refusal)
        {
            await RefusedAsync(campaign, target, refusal, ct);
        }
    }

    public async Task CancelAsync(OpenTarget target, CancellationToken ct)
    {
        try
        {
            await orders.CancelAsync(target.LogId!.Value, [], ct);
        }
        catch (RefusedException)
        {
            // it ended by itself meanwhile, which is as good
        }
    }

    Task RefusedAsync(LogCampaign campaign, OpenTarget target, RefusedException refusal, CancellationToken ct) => Passes(refusal)
        ? campaigns.WaitAsync(campaign, target, refusal.Message, campaigns.Now() + (long)place.Settings.Again.TotalMilliseconds, ct)
        : campaigns.NoteAsync(campaign, target, LogState.Rejected, refusal.Message, ct);
}

/// <summary>Where requests stand, and how patient one is with docks.</summary>
sealed record LogPlace(Database Database, LogSettings Settings);
