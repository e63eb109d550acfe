using Microsoft.AspNetCore.HttpOverrides;

namespace Waybill.Api.Listening;

/// <summary>The address of an HTTP client behind a load balancer, which says it in <c>X-Forwarded-For</c>; who is no load balancer is not believed.</summary>
static class ForwardedAddresses
{
    public static void UseForwardedAddresses(this WebApplication app, IReadOnlyList<System.Net.IPNetwork> balancers)
    {
        if (balancers.Count == 0)
            return;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in balancers)
            options.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(options);
    }
}
