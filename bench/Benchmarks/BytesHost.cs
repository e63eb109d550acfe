using System.Collections.Concurrent;
using System.Net;
using Waybill.Objects;

namespace Waybill.Benchmarks;

/// <summary>The disk store behind the web server and nothing else: PUT and GET <c>/o/{name}</c>.</summary>
static class BytesHost
{
    public static async Task<int> RunAsync(int port, string directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(options =>
        {
            KestrelBytes.Configure(options);
            options.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddBytesTransport(_ => true);
        await using var app = builder.Build();
        using var store = new DiskStore(directory, app.Services.GetRequiredService<ILogger<DiskStore>>());
        var sender = new ObjectSender(store);
        var names = new ConcurrentDictionary<string, ObjectContent>();
        app.MapPut("/o/{name}", async (string name, HttpContext context) =>
        {
            var intake = new Intake(name, context.Request.ContentLength, long.MaxValue, null);
            using var stored = await store.ReceiveAsync(context.Request.BodyReader, intake, context.RequestAborted);
            names[name] = new(stored.Sha256, stored.Md5, stored.Size, name);
        });
        app.MapGet("/o/{name}", (string name, HttpContext context) => sender.SendAsync(context, names[name], served: null));
        await app.RunAsync();
        return 0;
    }
}
