using Waybill.Devices;
using Waybill.Objects;

namespace Waybill.Logs;

/// <summary>An object was seen in storage, where an archive was to be. A dock may write it again: the last one counts.</summary>
sealed class ArchiveSeen(long id, string module, long size, Sha256Digest? sha256) : LogMessage
{
    public override void Need(JobView<LogRequest> view) => view.NeededIds.Add(id);

    protected override JobDecision<LogRequest> Rule(JobView<LogRequest> view, JobMoment<LogSettings> moment)
    {
        if (view.Find(id) is not { IsExporting: true } request || request.Find(module) is not { IsOpen: true })
            return JobDecision<LogRequest>.Nothing;
        return new(Changed: request.With(a => a.Module == module ? (a with { StoredSize = size, Sha256 = sha256 }).Settled() : a).Settled(moment));
    }
}
