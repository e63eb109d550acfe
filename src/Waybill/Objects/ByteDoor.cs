namespace Waybill.Objects;

/// <summary>
/// How requests under <c>/o/</c> end: only 200, 206, 403 and 404 are ever answered, since vendor SDKs take anything else for
/// success; our own failures abort the connection (tencent-hub quirks H38 to H56).
/// </summary>
sealed partial class ByteDoor(ILogger<ByteDoor> logger)
{
    /// <summary>What is read of a refused body, so that a device that sends first and reads later finds our answer.</summary>
    const int RefusedBody = 1 << 20;

    public async Task HandleAsync(HttpContext http, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (RefusedException refusal)
        {
            LogRefused(logger, http.Request.Method, refusal.Message);
            await RefuseAsync(http, refusal);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested || e is OperationCanceledException or BadHttpRequestException)
        {
            LogBroken(logger, http.Request.Method);
            http.Abort();
        }
        catch (Exception e)
        {
            LogFailed(logger, e, http.Request.Method);
            http.Abort();
        }
    }

    /// <summary>The answer to bytes that are on the disk and recorded.</summary>
    public static void Stored(HttpResponse response)
    {
        response.Headers.Connection = "close";
        response.ContentLength = 0;
    }

    public static RefusedException NotFound(string text) => new("not_found", text);

    public static RefusedException Forbidden(string text) => new("forbidden", text);

    static async Task RefuseAsync(HttpContext http, RefusedException refusal)
    {
        http.Response.StatusCode = refusal.Code is "not_found" or "range_not_satisfiable" ? StatusCodes.Status404NotFound : StatusCodes.Status403Forbidden;
        http.Response.Headers.Connection = "close";
        http.Response.ContentLength = 0;
        await http.Response.CompleteAsync();
        var body = http.Request.BodyReader;
        for (long seen = 0; seen < RefusedBody;)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            seen += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A {Method} of bytes was refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string method, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A {Method} of bytes broke off")]
    static partial void LogBroken(ILogger logger, string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Method} of bytes failed here; its connection is aborted")]
    static partial void LogFailed(ILogger logger, Exception e, string method);
}
