using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Dialects;
using Waybill.Line;

namespace Waybill.Api;

sealed record DeadMessageAnswer(string Id, string Product, string Device, string Dialect, string Payload, string Reason, DateTime CreatedAt)
{
    public static DeadMessageAnswer Of(DeadMessage m, Seal seal) =>
        new(IdOf(m, seal), m.Product, m.Device, m.Dialect, m.Text, m.Reason, Times.Utc(m.CreatedAt));

    public static string IdOf(DeadMessage m, Seal seal) => seal.Write(m.Id, 0, SealPurpose.DeadMessage);
}

static class DeadMessageRoutes
{
    public static void MapDeadMessages(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/dead-messages").WithTags("Dead messages");
        messages.MapGet("", ListAsync).WithSummary("List messages that could not be processed and were set aside").Needing(Actions.MessagesRead, narrows: true).Pages();
        messages.MapDelete("/{id}", DeleteAsync).WithSummary("Forget a message that was set aside").Needing(Actions.MessagesWrite, narrows: true);
        messages.MapPost("/{id}/replay", ReplayAsync).WithSummary("Process a message that was set aside again").Needing(Actions.MessagesWrite, narrows: true);
    }

    static async Task<Ok<Page<DeadMessageAnswer>>> ListAsync(HttpContext http, DeadMessages messages, Seal seal)
    {
        var ask = PageAsk.Of(http);
        long after = 0;
        if (ask.After.Length > 0 && !seal.TryRead(ask.After, SealPurpose.DeadMessage, out after, out _))
            throw PageAsk.Invalid();
        var found = await messages.ListAsync(after, ask.Limit + 1, http.Caller().Scope.Products, http.RequestAborted);
        return TypedResults.Ok(ask.Sealed(found, m => DeadMessageAnswer.Of(m, seal), m => DeadMessageAnswer.IdOf(m, seal)));
    }

    static async Task<NoContent> DeleteAsync(string id, HttpContext http, DeadMessages messages, Seal seal)
    {
        var message = await FindAsync(id, http, messages, seal);
        return await messages.RemoveAsync(message.Id, http.RequestAborted) ? TypedResults.NoContent() : throw NotFound();
    }

    static async Task<NoContent> ReplayAsync(string id, HttpContext http, DeadMessages messages, DeadMessageReplay replay, Seal seal)
    {
        var message = await FindAsync(id, http, messages, seal);
        await replay.RunAsync(message, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<DeadMessage> FindAsync(string text, HttpContext http, DeadMessages messages, Seal seal) =>
        seal.TryRead(text, SealPurpose.DeadMessage, out var id, out _)
            && await messages.FindAsync(id, http.RequestAborted) is { } message
            && http.Caller().Scope.Covers(message.Product, message.Device)
            ? message
            : throw NotFound();

    static RefusedException NotFound() => new("dead_message_not_found", "There is no such message.");
}
