using System.Text.Json;
using Waybill.Tracing;

namespace Waybill.Api;

/// <summary>A trace as server-sent events, until its time is over, its reader leaves or may not read any more, or the server stops. The last line says why.</summary>
sealed class TraceStream(IHostApplicationLifetime life, TimeProvider clock)
{
    /// <summary>How often a silent stream shows that it lives, and it is asked whether the reader is still allowed.</summary>
    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(10);

    static readonly ReadOnlyMemory<byte> s_alive = ":\n\n"u8.ToArray();

    /// <param name="http">Whose answer it is.</param>
    /// <param name="trace">Running.</param>
    /// <param name="time">After which it ends.</param>
    /// <param name="begin">The first line.</param>
    public async Task SendAsync(HttpContext http, Trace trace, TimeSpan time, TraceLine begin)
    {
        await using var limit = clock.CreateTimer(_ => trace.End("time_limit", $"The time of the trace, {time.TotalSeconds:0} seconds, is over."), null, time, Timeout.InfiniteTimeSpan);
        await using var beat = clock.CreateTimer(_ => trace.Wake(), null, s_beat, s_beat);
        using var stopping = life.ApplicationStopping.Register(() => trace.End("server_stopping", "Waybill stops."));
        var admitted = clock.GetTimestamp();
        await ServerSentEvents.WriteAsync(http, [Event(begin)], http.RequestAborted);
        for (var isLast = false; !isLast;)
        {
            await trace.NewsAsync(http.RequestAborted);
            if (clock.GetElapsedTime(admitted) >= s_beat)
            {
                await ReadmitAsync(http, trace);
                admitted = clock.GetTimestamp();
            }
            var lines = trace.Take(out isLast);
            await ServerSentEvents.WriteAsync(http, lines.Count > 0 ? lines.Select(Event) : [s_alive], http.RequestAborted);
        }
    }

    static async Task ReadmitAsync(HttpContext http, Trace trace)
    {
        try
        {
            await http.AdmitAsync();
        }
        catch (RefusedException refusal)
        {
            trace.End(refusal.Code, refusal.Message);
        }
    }

    static ReadOnlyMemory<byte> Event(TraceLine line) =>
        (byte[])[.. "data: "u8, .. JsonSerializer.SerializeToUtf8Bytes(line, TraceJson.Wire.TraceLine), .. "\n\n"u8];
}
