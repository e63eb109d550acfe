using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Webhooks;

namespace Waybill.Api;

static class WebhookRoutes
{
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapGet("", ListAsync).WithSummary("List webhooks").Needing(Actions.WebhooksRead).Pages();
        webhooks.MapGet("/{name}", GetAsync).WithSummary("Get a webhook: how far it has come, and what holds it up").Needing(Actions.WebhooksRead);
        webhooks.MapPut("/{name}", PutAsync).WithSummary("Make or replace a webhook; a made secret is returned once; a new one hears from now on")
            .Needing(Actions.WebhooksWrite).Takes<WebhookBody>();
        webhooks.MapDelete("/{name}", DeleteAsync).WithSummary("Delete a webhook and its log").Needing(Actions.WebhooksWrite);
        webhooks.MapPost("/{name}/pause", PauseAsync).WithSummary("Send nothing more; events wait").Needing(Actions.WebhooksWrite);
        webhooks.MapPost("/{name}/resume", ResumeAsync).WithSummary("Go on where it stopped").Needing(Actions.WebhooksWrite);
        webhooks.MapPost("/{name}/replay", ReplayAsync).WithSummary("Send what stands behind a cursor, again or for the first time")
            .Needing(Actions.WebhooksWrite).Takes<ReplayBody>();
        webhooks.MapPost("/{name}/test", TestAsync).WithSummary("Send a delivery without events now, paused or not").Needing(Actions.WebhooksWrite);
        webhooks.MapGet("/{name}/deliveries", DeliveriesAsync).WithSummary("The last attempts, the newest first").Needing(Actions.WebhooksRead).Pages();
    }

    static async Task<Ok<Page<WebhookAnswer>>> ListAsync(HttpContext http, WebhookRegistry webhooks)
    {
        var ask = PageAsk.Of(http);
        var found = await webhooks.ListAsync(ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, WebhookAnswer.Of, w => w.Name));
    }

    static async Task<Ok<WebhookAnswer>> GetAsync(string name, HttpContext http, WebhookRegistry webhooks) =>
        TypedResults.Ok(WebhookAnswer.Of(await webhooks.GetAsync(name, http.RequestAborted)));

    static async Task<Results<Ok<WebhookAnswer>, Created<WebhookAnswer>>> PutAsync(string name, HttpContext http, WebhookRegistry webhooks)
    {
        var mistakes = new Mistakes().Need("name", Webhook.IsName(name), Webhook.NameRule);
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.WebhookBody, mistakes);
        var (webhook, made, secret) = await webhooks.PutAsync(name, body.Change, http.RequestAborted);
        var answer = WebhookAnswer.Of(webhook) with { Secret = secret };
        return made ? TypedResults.Created(http.Request.Path, answer) : TypedResults.Ok(answer);
    }

    static async Task<NoContent> DeleteAsync(string name, HttpContext http, WebhookRegistry webhooks)
    {
        await webhooks.DeleteAsync(name, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Ok<WebhookAnswer>> PauseAsync(string name, HttpContext http, WebhookRegistry webhooks) =>
        TypedResults.Ok(WebhookAnswer.Of(await webhooks.PauseAsync(name, http.RequestAborted)));

    static async Task<Ok<WebhookAnswer>> ResumeAsync(string name, HttpContext http, WebhookRegistry webhooks) =>
        TypedResults.Ok(WebhookAnswer.Of(await webhooks.ResumeAsync(name, http.RequestAborted)));

    static async Task<Ok<WebhookAnswer>> ReplayAsync(string name, HttpContext http, WebhookRegistry webhooks)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.ReplayBody);
        return TypedResults.Ok(WebhookAnswer.Of(await webhooks.ReplayAsync(name, body.Cursor, http.RequestAborted)));
    }

    static async Task<Ok<DeliveryAnswer>> TestAsync(string name, HttpContext http, WebhookRegistry webhooks, WebhookCourier courier)
    {
        var webhook = await webhooks.GetAsync(name, http.RequestAborted);
        return TypedResults.Ok(DeliveryAnswer.Of(await courier.TestAsync(webhook, http.RequestAborted)));
    }

    static async Task<Ok<Page<DeliveryAnswer>>> DeliveriesAsync(string name, HttpContext http, WebhookRegistry webhooks, WebhookProgress progress)
    {
        var ask = PageAsk.Of(http);
        var before = ask.Place is not { Length: > 0 } place ? long.MaxValue
            : long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw PageAsk.Invalid();
        var webhook = await webhooks.GetAsync(name, http.RequestAborted);
        var found = await progress.DeliveriesAsync(webhook, before, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, DeliveryAnswer.Of, d => d.Id.ToString(CultureInfo.InvariantCulture)));
    }
}
