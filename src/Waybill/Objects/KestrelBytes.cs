using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Waybill.Objects;

/// <summary>What the web server must be told so that bytes flow as fast as the disk and devices as slow as theirs are served.</summary>
static class KestrelBytes
{
    public static void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
    }
}
