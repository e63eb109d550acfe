using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Waybill.Objects;

/// <summary>What the web server must be told so that bytes flow as fast as the disk, and devices as slow as theirs are served.</summary>
static class KestrelBytes
{
    public static void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
    }

    /// <summary>Call after the web server is registered: the last transport that can bind an address gets it.</summary>
    public static IServiceCollection AddBytesTransport(this IServiceCollection services, Func<IPEndPoint, bool> isHttp) =>
        services.AddSingleton<IConnectionListenerFactory>(provider => new BytesTransport(isHttp, provider.GetRequiredService<ILoggerFactory>()));
}
