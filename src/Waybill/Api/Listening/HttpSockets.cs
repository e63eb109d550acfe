using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Waybill.Api.Listening;

/// <summary>What the web server must be told so that bytes flow as fast as the disk, and devices as slow as theirs are served.</summary>
static class HttpSockets
{
    /// <summary>One receive takes as much, where the web server's own pool hands out 4 KiB and makes sixteen.</summary>
    const int BlockSize = 64 << 10;

    /// <summary>16 MiB.</summary>
    const int IdleBlocks = 256;

    public static void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
    }

    /// <summary>Call after the web server is registered: the last transport that can bind an address gets it.</summary>
    public static IServiceCollection AddHttpSockets(this IServiceCollection services) => services
        .AddSingleton<IMemoryPoolFactory<byte>>(new BlockPool(BlockSize, IdleBlocks))
        .Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.IOQueueCount = 1;
        })
        .AddSingleton<IConnectionListenerFactory, HttpTransport>();
}
