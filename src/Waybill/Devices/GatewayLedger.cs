using System.Data.Common;
using Waybill.Data;
using Waybill.Devices.Gateways;
using Waybill.Line;

namespace Waybill.Devices;

/// <summary>What a gateway asks of the registry or tells it: seldom, so that each says by itself what it reads and writes.</summary>
abstract class GatewayMessage : LineMessage
{
    /// <summary>Reads, decides and writes. Run again when the batch is halved.</summary>
    public abstract ValueTask DecideAsync(DbConnection db, GatewayMoment moment);
}

/// <summary>What deciding needs from outside.</summary>
/// <param name="Now">Unix milliseconds.</param>
/// <param name="FreshId">For a row of the message's own.</param>
/// <param name="Registry">What is known of gateways and their products.</param>
readonly record struct GatewayMoment(long Now, long FreshId, GatewayRegistry Registry);

/// <summary>What is known of gateways: what their products answer, and who stands behind them.</summary>
sealed record GatewayRegistry(GatewayBook Book, GatewayMembers Members);

/// <summary>Decides what gateways ask and tell.</summary>
sealed class GatewayLedger(Ids ids, GatewayRegistry registry, TimeProvider clock) : ILedger
{
    public bool Takes(LineMessage message) => message is GatewayMessage;

    public async ValueTask<LedgerWork> BeginAsync(IReadOnlyList<LineMessage> messages, CancellationToken ct)
    {
        var first = await ids.TakeAsync(messages.Count, ct);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return async db =>
        {
            for (var i = 0; i < messages.Count; i++)
                await ((GatewayMessage)messages[i]).DecideAsync(db, new(now, first + i, registry));
            return new([], null);
        };
    }
}
