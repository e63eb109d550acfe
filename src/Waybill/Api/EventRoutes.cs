using System.Globalization;
using System.Net.Mime;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Events;

namespace Waybill.Api;

static class EventRoutes
{
    static readonly string[] s_filters = ["product", "device", "type"];

    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapGroup("/events").WithTags("Events")
        .MapGet("", ListAsync).WithSummary("Read what happened, the oldest first, or follow it as server-sent events")
        .Needing(Actions.EventsRead, narrows: true)
        .Produces<Page<EventAnswer>>(StatusCodes.Status200OK, MediaTypeNames.Application.Json, ServerSentEvents.ContentType).Pages(s_filters);

    /// <summary><c>next</c> is where to go on later, so it is always there; at the end of the feed it is the same again.</summary>
    static async Task<IResult> ListAsync(HttpContext http, EventLog log, EventNames names, EventStream stream, Seal seal)
    {
        var ask = PageAsk.Of(http, s_filters);
        var filter = Filter(http.Request.Query, http.Caller().Scope);
        var after = ask.After.Length == 0 ? (long?)null : Cursor(ask.After);
        if (EventStream.IsWanted(http.Request))
        {
            await stream.SendAsync(http, EventStream.LastHeard(http.Request) is { } last ? Cursor(last) : after, filter);
            return TypedResults.Empty;
        }
        var page = await log.ReadAsync(after, filter, ask.Limit, http.RequestAborted);
        var told = await names.TellAsync(page.Rows, http.RequestAborted);
        return TypedResults.Ok(new Page<EventAnswer>([.. told.Select(t => EventAnswer.Of(t, seal))], page.Next.ToString(CultureInfo.InvariantCulture)));
    }

    static long Cursor(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? cursor : throw EventLog.InvalidCursor();

    static EventFilter Filter(IQueryCollection query, Scope scope)
    {
        string? types = query["type"];
        var words = string.IsNullOrEmpty(types) ? null : types.Split(',');
        new Mistakes()
            .May("type", words, EventTypes.AreAll, $"one or more of {EventTypes.All}, with commas between them")
            .ThrowIfAny();
        return new(Within(scope.Products, query["product"]), Within(scope.Devices, query["device"]), words is null ? null : EventTypes.States(words));
    }

    /// <summary>What is asked for among what may be seen; null: all.</summary>
    static IReadOnlyList<string>? Within(IReadOnlyList<string>? scope, string? asked) =>
        string.IsNullOrEmpty(asked) ? scope : scope is null || scope.Contains(asked, StringComparer.Ordinal) ? [asked] : [];
}
