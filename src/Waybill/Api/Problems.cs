using System.Data.Common;
using System.Globalization;
using System.Text.Json.Serialization;
using Waybill.Devices.Gateways;
using Waybill.Events;

namespace Waybill.Api;

/// <summary>A "no" on the wire (RFC 9457). Codes are stable, the rest is for people.</summary>
sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldMistake>? Errors { get; init; }

    /// <summary>Of an expired cursor: the oldest that is good.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Oldest { get; init; }
}

/// <summary>What is wrong with one field: its path in the body, or the name of a path or query value.</summary>
sealed record FieldMistake(string Field, string Message);

/// <summary>The one place where refusals and failures become answers.</summary>
static partial class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>Answers what goes wrong under the API, and what no route answers.</summary>
    public static void UseProblems(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await WriteAsync(http, Unanswered(http.Response.StatusCode));
        }
        catch (Exception e) when (!http.Response.HasStarted && e is not OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            var problem = Of(e, http);
            if (problem.Status >= StatusCodes.Status500InternalServerError)
                LogFailed(http.RequestServices.GetRequiredService<ILogger<Problem>>(), e, http.Request.Method, problem.Code);
            await WriteAsync(http, problem);
        }
        catch (Exception e) when (e is OperationCanceledException || http.RequestAborted.IsCancellationRequested)
        {
            // the client has left, or broke off within the body
            http.Abort();
        }
    });

    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        http.Response.Clear();
        http.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        await http.Response.WriteAsJsonAsync(problem, ApiJson.Wire.Problem, ContentType, http.RequestAborted);
    }

    public static Problem New(string code, string detail) => New(StatusOf(code), code, detail);

    static Problem Of(Exception e, HttpContext http) => e switch
    {
        SerialTakenException taken => New(SerialTakenException.Code, taken.TextFor(http.Caller().Scope)),
        InvalidRequestException invalid => New("invalid", "The request has mistakes.") with { Errors = invalid.Mistakes },
        CursorExpiredException expired => New(CursorExpiredException.Code, expired.Message) with { Oldest = expired.Oldest.ToString(CultureInfo.InvariantCulture) },
        RefusedException refusal => New(refusal.Code, refusal.Message),
        BadHttpRequestException bad => New(bad.StatusCode, "request_invalid", "The request is not valid HTTP, or broke off."),
        DbException => New(StatusCodes.Status503ServiceUnavailable, "database_unavailable", "The database does not answer: try again."),
        _ => New(StatusCodes.Status500InternalServerError, "internal", "Something failed here; the log says what."),
    };

    static Problem Unanswered(int status) => status switch
    {
        StatusCodes.Status404NotFound => New(status, "not_found", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => New(status, "method_not_allowed", "This address does not know this method."),
        _ => New(status, "request_invalid", "The request cannot be answered."),
    };

    static Problem New(int status, string code, string detail) =>
        new($"urn:waybill:problem:{code}", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, code);

    static int StatusOf(string code) => code switch
    {
        "unauthorized" or "key_disabled" or "token_expired" or "token_revoked" => StatusCodes.Status401Unauthorized,
        "invalid" or "json_invalid" or "cursor_invalid" or "csv_header" or "name_reserved" or "login_incomplete" => StatusCodes.Status400BadRequest,
        "not_allowed" => StatusCodes.Status403Forbidden,
        CursorExpiredException.Code => StatusCodes.Status410Gone,
        "too_many_listeners" or "too_many_traces" => StatusCodes.Status429TooManyRequests,
        "issuer_refused" => StatusCodes.Status502BadGateway,
        "issuer_unavailable" => StatusCodes.Status503ServiceUnavailable,
        "prefix_refused" or "actions_refused" or "lifetime_refused" or "bucket_refused" => StatusCodes.Status422UnprocessableEntity,
        "too_large" => StatusCodes.Status413PayloadTooLarge,
        "range_not_satisfiable" => StatusCodes.Status416RangeNotSatisfiable,
        "not_supported" or "not_for_device" or "webhook_address" or "webhook_host" or "md5_mismatch" or "size_mismatch"
            or "not_a_gateway" or "modules_invalid" or "choice_invalid" or "upgrade_invalid" or "not_an_archive" or "nothing_matches" => StatusCodes.Status422UnprocessableEntity,
        _ when code.EndsWith("_not_found", StringComparison.Ordinal) => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status409Conflict,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "A {Method} request failed: {Code}")]
    static partial void LogFailed(ILogger logger, Exception e, string method, string code);
}
