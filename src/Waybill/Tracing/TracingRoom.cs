using Microsoft.AspNetCore.Http.Features;

namespace Waybill.Tracing;

static class TracingRoom
{
    public static IServiceCollection AddTracing(this IServiceCollection services) => services.AddSingleton<Traces>();

    /// <summary>The request, for who knows whose it is; null while nobody traces.</summary>
    public static TracedRequest? Traced(this HttpContext http) => http.Features.Get<TracedRequest>();

    /// <summary>Requests that begin while somebody traces are followed to their end. The others pass by.</summary>
    public static void UseTracing(this IApplicationBuilder app)
    {
        var traces = app.ApplicationServices.GetRequiredService<Traces>();
        app.Use(next => http => traces.IsAny ? FollowAsync(http, next, traces) : next(http));
    }

    static async Task FollowAsync(HttpContext http, RequestDelegate next, Traces traces)
    {
        var request = new TracedRequest(http, traces);
        var sent = new CountedAnswer(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        var received = new CountedBody(http.Request.BodyReader);
        http.Features.Set(request);
        http.Features.Set<IHttpResponseBodyFeature>(sent);
        http.Features.Set<IRequestBodyPipeFeature>(received);
        try
        {
            await next(http);
        }
        finally
        {
            request.Tell(sent, received);
        }
    }
}
