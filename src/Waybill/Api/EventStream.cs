using Waybill.Events;

namespace Waybill.Api;

/// <summary>The feed as server-sent events, until the listener leaves, is too slow, or the server stops. It goes on by <c>Last-Event-ID</c>.</summary>
sealed class EventStream(EventFollowing events, EventSettings settings, IHostApplicationLifetime life, TimeProvider clock)
{
    /// <summary>How often it is asked whether the listener is still allowed.</summary>
    static readonly TimeSpan s_trust = TimeSpan.FromSeconds(10);

    int _open;

    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.Any(a => a?.Contains(ServerSentEvents.ContentType, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>What a browser sends when it comes again; it goes before the address, which is that of the first time.</summary>
    public static string? LastHeard(HttpRequest request) => request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } id ? id : null;

    /// <exception cref="RefusedException"><c>too_many_listeners</c>.</exception>
    public async Task SendAsync(HttpContext http, long? after, EventFilter filter)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > settings.Listeners)
                throw new RefusedException("too_many_listeners", $"{settings.Listeners} streams are open already: try again later, or read pages.");
            await FollowAsync(http, after, filter);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    async Task FollowAsync(HttpContext http, long? after, EventFilter filter)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        var admitted = clock.GetTimestamp();
        try
        {
            await foreach (var frames in events.FollowAsync(after, filter, end.Token))
            {
                if (clock.GetElapsedTime(admitted) > s_trust)
                {
                    await http.AdmitAsync();
                    admitted = clock.GetTimestamp();
                }
                await ServerSentEvents.WriteAsync(http, frames.Select(f => f.Stream), end.Token);
            }
        }
        catch (RefusedException) when (http.Response.HasStarted)
        {
            // the key or token ended: it comes again and is told
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            // the answer ends in good order
        }
        catch (CursorExpiredException) when (http.Response.HasStarted)
        {
            // pruned while it was replayed: it comes again and is told
        }
    }
}
