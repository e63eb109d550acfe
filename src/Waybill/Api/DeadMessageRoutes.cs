using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Line;

namespace Waybill.Api;

/// <summary>Puts a message that was set aside on the line again.</summary>
delegate Task ReplayDeadMessage(long id, CancellationToken ct);

sealed record DeadMessageAnswer(string Id, string Product, string Device, string Dialect, string Payload, string Reason, DateTime CreatedAt);

static class DeadMessageRoutes
{
    public static void MapDeadMessages(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/dead-messages").WithTags("Dead messages");
        messages.MapGet("", ListAsync).WithSummary("List messages that could not be processed and were set aside").Pages();
        messages.MapDelete("/{id}", DeleteAsync).WithSummary("Forget a message that was set aside");
        messages.MapPost("/{id}/replay", ReplayAsync).WithSummary("Process a message that was set aside again");
    }

    static async Task<Ok<Page<DeadMessageAnswer>>> ListAsync(HttpContext http, DeadMessages messages, Seal seal)
    {
        var ask = PageAsk.Of(http);
        var after = ask.After.Length == 0 ? 0 : seal.TryRead(ask.After, SealPurpose.DeadMessage, out var id, out _) ? id : throw PageAsk.Invalid();
        var found = await messages.ListAsync(after, ask.Limit + 1, http.RequestAborted);
        string Sealed(DeadMessage m) => seal.Write(m.Id, 0, SealPurpose.DeadMessage);
        return TypedResults.Ok(ask.Sealed(found, m => new DeadMessageAnswer(Sealed(m), m.Product, m.Device, m.Dialect, m.Text, m.Reason, Times.Utc(m.CreatedAt)), Sealed));
    }

    static async Task<NoContent> DeleteAsync(string id, HttpContext http, DeadMessages messages, Seal seal) =>
        await messages.RemoveAsync(Id(id, seal), http.RequestAborted) ? TypedResults.NoContent() : throw NotFound();

    static async Task<NoContent> ReplayAsync(string id, HttpContext http, Seal seal)
    {
        var message = Id(id, seal);
        var replay = http.RequestServices.GetService<ReplayDeadMessage>() ?? throw new RefusedException("not_supported", "Messages cannot be replayed here yet.");
        await replay(message, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static long Id(string text, Seal seal) => seal.TryRead(text, SealPurpose.DeadMessage, out var id, out _) ? id : throw NotFound();

    static RefusedException NotFound() => new("dead_message_not_found", "There is no such message.");
}
