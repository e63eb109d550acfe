using System.Data.Common;
using Waybill.Data;
using Waybill.Events;
using Waybill.Line;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;

namespace Waybill.Devices;

/// <summary>The only writer of one kind of jobs.</summary>
sealed class JobLedger<TJob, TSettings>(JobRows<TJob> rows, TSettings settings, GatewayQueue gateways, TimeProvider clock) : ILedger
    where TJob : class, IGatewayJob<TJob>
{
    const int PercentStep = 5;

    public bool Takes(LineMessage message) => message is JobMessage<TJob, TSettings>;

    public ValueTask<LedgerWork> BeginAsync(IReadOnlyList<LineMessage> messages, CancellationToken ct)
    {
        var moment = new JobMoment<TSettings>(clock.GetUtcNow().ToUnixTimeMilliseconds(), settings);
        return new(db => RunAsync(db, messages, moment));
    }

    async ValueTask<LedgerOutcome> RunAsync(DbConnection db, IReadOnlyList<LineMessage> messages, JobMoment<TSettings> moment)
    {
        var view = new JobView<TJob>();
        foreach (var message in messages)
            ((JobMessage<TJob, TSettings>)message).Need(view);
        await rows.LoadAsync(db, view);
        foreach (var message in messages)
            ((JobMessage<TJob, TSettings>)message).Decide(view, moment);
        await rows.SaveAsync(db, view);
        var changed = view.Changed;
        foreach (var (_, ended) in changed.Where(c => c.Before?.IsOpen != false && !c.After.IsOpen && c.After.CredentialJob is not null))
            await RevokeAsync(db, ended, moment.Now);
        return new([.. changed.Where(c => IsNews(c.Before?.ToEvent(), c.After.ToEvent())).Select(c => c.After.ToEvent())], () => Wake(changed));
    }

    /// <summary>What a gateway was given for a job works as long as the job is open.</summary>
    static async ValueTask RevokeAsync(DbConnection db, TJob ended, long now)
    {
        var gateway = await db.FirstAsync<string>("select p.name || '/' || d.name from devices d join products p on p.id = d.product_id where d.id = @GatewayId", new { ended.GatewayId });
        if (gateway is not null)
            await Revocations.RevokeJobAsync(db, CredentialAsk.JobOf(gateway, ended.CredentialJob)!, now);
    }

    void Wake(IReadOnlyList<(TJob? Before, TJob After)> changed)
    {
        foreach (var (_, after) in changed)
        {
            if (after.HasWork)
                gateways.Wake(after.GatewayId);
        }
    }

    static bool IsNews(EventRow? before, EventRow after) =>
        before is not { } old || old.State != after.State || old.Step != after.Step || old.Percent / PercentStep != after.Percent / PercentStep;
}
