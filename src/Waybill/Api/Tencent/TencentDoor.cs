using System.Text;
using System.Text.Json;

namespace Waybill.Api.Tencent;

/// <summary>How calls in the vendor's manner end: HTTP 200 with a <c>Response</c>, in which a no and a failure are an <c>Error</c>.</summary>
sealed partial class TencentDoor(ILogger<TencentDoor> logger)
{
    public async Task HandleAsync(HttpContext http, Func<Exchange, CancellationToken, Task<ActionAnswer>> run)
    {
        var exchange = new Exchange(http);
        ActionAnswer answer;
        try
        {
            answer = await run(exchange, http.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            return;
        }
        catch (Exception e)
        {
            var error = TencentError.Of(e);
            if (error.Code == TencentError.Failure)
                LogFailed(logger, e, exchange.RequestId);
            answer = new ErrorAnswer(error);
        }
        await WriteAsync(http, answer with { RequestId = exchange.RequestId });
    }

    static async Task WriteAsync(HttpContext http, ActionAnswer answer)
    {
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        var text = Encoding.UTF8.GetBytes($$"""{"Response":{{JsonSerializer.Serialize(answer, TencentJson.Wire.GetTypeInfo(answer.GetType())!)}}}""");
        http.Response.ContentLength = text.Length;
        await http.Response.Body.WriteAsync(text, http.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call failed here ({RequestId})")]
    static partial void LogFailed(ILogger logger, Exception e, string requestId);
}

/// <summary>One request and the id its answer carries: the caller's where he gave one.</summary>
sealed class Exchange(HttpContext http)
{
    const int LongestId = 128;

    public HttpContext Http => http;

    public string RequestId { get; private set; } = Guid.NewGuid().ToString();

    public void Name(string? id)
    {
        if (id is { Length: <= LongestId })
            RequestId = id;
    }
}
