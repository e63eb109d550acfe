using Waybill.Transfers;

namespace Waybill.Api.Tencent;

/// <summary>The vendor's <c>Status</c>, whose numbers it does not say: in the order of its console's words (README).</summary>
static class ResourceStatus
{
    /// <summary>1 to be pushed, 2 pushed, 3 under way, 4 done, 5 failed.</summary>
    public static int Of(TransferState state) => state switch
    {
        TransferState.Pending => 1,
        TransferState.Sent => 2,
        TransferState.InProgress or TransferState.Paused => 3,
        TransferState.Ok => 4,
        _ => 5,
    };

    public static IReadOnlyList<TransferState> States(long status) => [.. Enum.GetValues<TransferState>().Where(s => Of(s) == status)];
}
