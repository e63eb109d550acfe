using Waybill.Objects;
using Waybill.Protocols;

namespace Waybill.Transfers;

/// <summary>
/// <c>/o/{token}</c>: the bytes of transfers, for devices. Only 200, 206, 403 and 404 are ever answered, since vendor SDKs
/// take anything else for success; our own failures abort the connection (tencent-hub quirks H38 to H56).
/// </summary>
sealed partial class DeviceBytes(
    DeviceUrlGrants grants, ObjectSender sender, UploadReception reception, ByteFlows flows, ServedBytes servedBytes, ILogger<DeviceBytes> logger)
{
    /// <summary>What is read of a refused body, so that a device that sends first and reads later finds our answer.</summary>
    const int RefusedBody = 1 << 20;

    public async Task HandleAsync(HttpContext http, string token)
    {
        try
        {
            await AnswerAsync(http, token);
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

    Task AnswerAsync(HttpContext http, string token) => http.Request.Method switch
    {
        "PUT" or "POST" => ReceiveAsync(http, token),
        "GET" or "HEAD" => SendAsync(http, token),
        _ => throw new RefusedException("not_found", "no such method"),
    };

    async Task ReceiveAsync(HttpContext http, string token)
    {
        var ct = http.RequestAborted;
        var md5 = AnnouncedMd5(http.Request);
        var transfer = await grants.UploadAsync(token, http.Request.ContentLength, md5, ct);
        using var flow = flows.Begin(transfer);
        await reception.ReceiveAsync(transfer, http.Request, md5);
        http.Response.Headers.Connection = "close";
        http.Response.ContentLength = 0;
    }

    async Task SendAsync(HttpContext http, string token)
    {
        var transfer = await grants.DownloadAsync(token, http.RequestAborted);
        using var flow = flows.Begin(transfer);
        var served = new RangeSet();
        try
        {
            await sender.SendAsync(http, new ObjectContent(transfer.Sha256!.Value, transfer.Md5!.Value, transfer.Size, transfer.Name), served.Add);
        }
        finally
        {
            if (!served.IsEmpty && transfer.IsOpen)
                servedBytes.Note(transfer.Id, transfer.Size, served);
        }
    }

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

    static Md5Digest? AnnouncedMd5(HttpRequest request)
    {
        string? text = request.Headers.ContentMD5;
        if (text is null)
            return null;
        return Md5Digest.TryParseBase64(text, out var md5) ? md5 : throw new RefusedException("forbidden", "Content-MD5 is not base64 of 16 bytes");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A device's {Method} was refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string method, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "A device's {Method} broke off")]
    static partial void LogBroken(ILogger logger, string method);

    [LoggerMessage(Level = LogLevel.Error, Message = "A device's {Method} failed here; its connection is aborted")]
    static partial void LogFailed(ILogger logger, Exception e, string method);
}
