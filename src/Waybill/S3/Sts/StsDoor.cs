using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Waybill.Objects;
using Waybill.Objects.Credentials;
using Waybill.S3.Signing;

namespace Waybill.S3.Sts;

/// <summary>STS beside S3, on the same port: a form posted to <c>/</c>, which S3 has no use for.</summary>
sealed partial class StsDoor(S3Login login, SessionCredentials sessions, ILogger<StsDoor> logger)
{
    const string Form = "application/x-www-form-urlencoded";

    public static bool IsMeant(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path == "/" && !request.QueryString.HasValue
        && request.ContentType?.StartsWith(Form, StringComparison.OrdinalIgnoreCase) == true;

    public async Task HandleAsync(HttpContext http)
    {
        var id = Guid.NewGuid().ToString();
        http.Response.Headers["x-amzn-RequestId"] = id;
        var (answer, refusal) = await AnswerAsync(http, id);
        if (refusal is not null)
            LogRefused(logger, id, refusal.Text);
        http.Response.StatusCode = refusal is null ? StatusCodes.Status200OK : StatusOf(refusal.Code);
        http.Response.ContentType = "text/xml";
        await http.Response.WriteAsync(answer ?? StsAnswer.Refused(refusal!, id), http.RequestAborted);
    }

    /// <returns>One of both is null.</returns>
    async Task<(string? Answer, Refusal? Refusal)> AnswerAsync(HttpContext http, string id)
    {
        if (await ReadAsync(http) is not { } body)
            return (null, new("ValidationError", "The request is too long."));
        var request = IncomingRequest.Of(http.Request) with { BodyHash = Sha256Digest.FromBytes(SHA256.HashData(body)) };
        var (caller, refusal) = await login.AdmitAsync(request, http.RequestAborted);
        if (caller is null)
            return (null, InStsWords(refusal!));
        (var ask, refusal) = AssumeRole.Read(Encoding.UTF8.GetString(body));
        if (ask is null)
            return (null, refusal);
        try
        {
            (var credential, refusal) = ask.Grant(caller, sessions);
            return credential is null ? (null, refusal) : (StsAnswer.Granted(ask, credential, id), null);
        }
        catch (RefusedException e)
        {
            return (null, new(e.Code, e.Message));
        }
    }

    /// <summary>Null when it is longer than any form.</summary>
    static async Task<byte[]?> ReadAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            if (read.IsCompleted || read.Buffer.Length > AssumeRole.LongestForm)
            {
                var body = read.Buffer.Length <= AssumeRole.LongestForm ? read.Buffer.ToArray() : null;
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }
            http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    static Refusal InStsWords(Refusal refusal) => refusal.Code switch
    {
        "InvalidAccessKeyId" or "InvalidToken" => refusal with { Code = "InvalidClientTokenId" },
        "ExpiredToken" => refusal with { Code = "ExpiredTokenException" },
        _ => refusal,
    };

    static int StatusOf(string code) => code is "AccessDenied" or "SignatureDoesNotMatch" or "InvalidClientTokenId" or "RequestTimeTooSkewed"
        ? StatusCodes.Status403Forbidden
        : StatusCodes.Status400BadRequest;

    [LoggerMessage(Level = LogLevel.Information, Message = "STS {RequestId} was refused: {Reason}")]
    static partial void LogRefused(ILogger logger, string requestId, string reason);
}
