using System.Security.Cryptography;
using Waybill.Data;
using Waybill.S3.Rows;
using Waybill.S3.Wire;
using Waybill.Settings;
using Waybill.Tracing;

namespace Waybill.S3;

/// <summary>Where every S3 request comes in, and how each ends: an answer, or a refusal in S3's words.</summary>
sealed partial class S3Door(S3Settings settings, S3Authentication authenticate, S3Calls calls, Buckets buckets, Database database, ILogger<S3Door> logger)
{
    // S3 takes 8 KiB; our session tokens may need some of that for themselves
    const int LongestHeaders = 16 << 10;

    static readonly string s_host = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public async Task HandleAsync(HttpContext http)
    {
        var id = RandomNumberGenerator.GetHexString(16);
        http.Response.Headers["x-amz-request-id"] = id;
        http.Response.Headers["x-amz-id-2"] = s_host;
        try
        {
            await AnswerAsync(http);
        }
        catch (RefusedException refusal) when (!http.Response.HasStarted)
        {
            LogRefused(logger, http.Request.Method, id, refusal.Message);
            await RefuseAsync(http, refusal);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested || e is OperationCanceledException or BadHttpRequestException)
        {
            LogBroken(logger, http.Request.Method, id);
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            LogFailed(logger, e, http.Request.Method, id);
            await RefuseAsync(http, Failure(e));
        }
        catch (Exception e)
        {
            LogFailed(logger, e, http.Request.Method, id);
            http.Abort();
        }
    }

    async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Headers.Sum(h => h.Key.Length + h.Value.Sum(v => v?.Length ?? 0)) > LongestHeaders)
            throw new RefusedException("RequestHeaderSectionTooLarge", "Your request header and metadata exceed the maximum allowed request header size.");
        var address = S3Address.Of(http, settings);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            await CorsAnswers.PreflightAsync(http, address.Bucket is { } name ? await buckets.FindAsync(name, http.RequestAborted) : null);
            return;
        }
        var call = calls.Find(address, http.Request);
        var caller = await authenticate(http, address);
        if (caller.Device?.Split('/', 2) is [var product, var device])
            http.Traced()?.IsOf(product, device);
        if (call.Action != S3Call.EachKey && !caller.May(call.Action, address.Bucket ?? "", address.Key ?? http.Request.Query["prefix"].ToString()))
            throw S3Refusals.AccessDenied();
        var bucket = call.NeedsBucket ? await buckets.GetAsync(address.Bucket!, http.RequestAborted) : null;
        CorsAnswers.Allow(http, bucket);
        await call.RunAsync(new(http, address, caller, bucket));
    }

    RefusedException Failure(Exception failure) => database.IsAway(failure)
        ? new("ServiceUnavailable", "Please reduce your request rate.")
        : new("InternalError", "We encountered an internal error. Please try again.");

    static async Task RefuseAsync(HttpContext http, RefusedException refusal)
    {
        var (status, code, text) = S3Refusals.Answer(refusal);
        if (status == StatusCodes.Status304NotModified)
        {
            http.Response.StatusCode = status;
            return;
        }
        http.Response.Headers.Remove("Content-Range");
        await XmlAnswer.SendAsync(http, status, ErrorAnswer.Root, ErrorAnswer.Of(http, code, text));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "S3 {Method} {RequestId} was refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string method, string requestId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "S3 {Method} {RequestId} broke off")]
    static partial void LogBroken(ILogger logger, string method, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "S3 {Method} {RequestId} failed here")]
    static partial void LogFailed(ILogger logger, Exception e, string method, string requestId);
}
