using Microsoft.AspNetCore.Http.Features;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>What a route asks of its caller.</summary>
/// <param name="Action">What the caller must be allowed.</param>
/// <param name="Narrows">The handler itself leaves out what is not in the caller's scope.</param>
sealed record Need(Actions Action, bool Narrows);

/// <summary>
/// The one place where calls are allowed or not. Every route says what it needs; one that says nothing is nobody's. The product
/// and the device in a route's path must be in the caller's scope; who has a scope does not get to a route with neither,
/// unless its handler narrows.
/// </summary>
static partial class Needs
{
    public static TBuilder Needing<TBuilder>(this TBuilder route, Actions action, bool narrows = false)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Need(action, narrows));

    public static Caller Caller(this HttpContext http) => http.Features.GetRequiredFeature<Caller>();

    /// <summary>Strangers get nothing, not even "not found".</summary>
    public static void UseCallerGate(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await http.AdmitAsync();
        await next(http);
    });

    /// <summary>Whether the call is allowed now. An answer that goes on for long asks again: keys and tokens end.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public static async Task AdmitAsync(this HttpContext http)
    {
        var caller = await http.RequestServices.GetRequiredService<Callers>().IdentifyAsync(http.Request, http.RequestAborted);
        http.Features.Set(caller);
        // other endpoints than routes are the framework's own refusals
        if (http.GetEndpoint() is RouteEndpoint route)
            Check(caller, route.Metadata.GetMetadata<Need>(), http);
    }

    static void Check(Caller caller, Need? need, HttpContext http)
    {
        if (need is null)
            throw new RefusedException("not_allowed", "This address does not say who may use it: nobody may.");
        if (!caller.Actions.HasFlag(need.Action))
            throw new RefusedException("not_allowed", $"This needs the action {ActionWords.Of(need.Action)[0]}, which your key or token does not have.");
        var (product, device) = ((string?)http.GetRouteValue("product"), (string?)http.GetRouteValue("device"));
        if (product is not null)
            caller.Scope.Demand(product, device);
        var reach = caller.Scope.Devices is not null ? device : caller.Scope.Products is not null ? product : "";
        if (reach is null && !need.Narrows)
            throw new RefusedException("not_allowed", "This is about more than your key or token is for.");
        if (need.Action == Actions.ContentRead && !caller.IsToken)
        {
            var (logger, path) = (http.RequestServices.GetRequiredService<ILogger<Caller>>(), http.Request.Path);
            LogContent(logger, caller.Name, path);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Caller} reads what belongs to a device: {Path}")]
    static partial void LogContent(ILogger logger, string caller, PathString path);
}
