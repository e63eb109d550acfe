using Waybill.Protocols.DjiCloud;
using Waybill.Upgrades;

namespace Waybill.Dialects.DjiCloud;

/// <summary>What docks say of upgrades, in the words of the domain.</summary>
static class DjiUpgradeReports
{
    public static ReportedUpgrade Reply(DjiCommandReply reply) => new()
    {
        State = State(reply.Status),
        Code = reply.Result ?? 0,
        Reason = DjiLogReports.Meaning(reply.Result),
    };

    public static ReportedUpgrade Progress(DjiOtaProgress progress) => new()
    {
        State = State(progress.Status),
        Stage = progress.Step?.Word,
        IsWriting = progress.Step?.Stage == DjiOtaStage.Upgrade,
        Percent = progress.Percent,
        Rate = progress.Rate,
        Code = progress.Code,
        Reason = DjiLogReports.Meaning(progress.Code),
    };

    static UpgradeState? State(DjiStatus? status) => status?.State switch
    {
        DjiState.Sent => UpgradeState.Sent,
        DjiState.InProgress => UpgradeState.InProgress,
        DjiState.Paused => UpgradeState.Paused,
        DjiState.Ok => UpgradeState.Ok,
        DjiState.Rejected => UpgradeState.Rejected,
        DjiState.Failed => UpgradeState.Failed,
        DjiState.Canceled => UpgradeState.Canceled,
        DjiState.Timeout => UpgradeState.Timeout,
        _ => null,
    };
}
