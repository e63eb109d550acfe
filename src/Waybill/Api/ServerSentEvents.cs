using System.Buffers;

namespace Waybill.Api;

/// <summary>An answer that goes on as long as somebody listens.</summary>
static class ServerSentEvents
{
    public const string ContentType = "text/event-stream";

    /// <summary>How long a listener may take nothing at all.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <param name="http">Whose answer it is; its head goes with the first of them.</param>
    /// <param name="events">With their empty lines.</param>
    /// <param name="ct">Ends it with an exception, as too slow a listener does.</param>
    public static async Task WriteAsync(HttpContext http, IEnumerable<ReadOnlyMemory<byte>> events, CancellationToken ct)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = ContentType;
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
        }
        foreach (var one in events)
            http.Response.BodyWriter.Write(one.Span);
        var flush = http.Response.BodyWriter.FlushAsync(ct);
        if (flush.IsCompletedSuccessfully)
            return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        await flush.AsTask().WaitAsync(patience.Token);
    }
}
