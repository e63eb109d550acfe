using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.Webhooks;

/// <summary>What became of an attempt. Taken when there is no error.</summary>
sealed record WebhookOutcome(int? Status, string? Error)
{
    /// <summary>The receiver wants no more, ever.</summary>
    public bool IsOver => Status == StatusCodes.Status410Gone;
}

/// <summary>Sends a delivery: signed, to allowed addresses only, no redirects, no proxies, nothing read of the answer but its status.</summary>
sealed partial class WebhookPost(WebhookAddresses addresses, WebhookSettings settings, WebhookMeter meter, TimeProvider clock, ILogger<WebhookPost> logger) : IDisposable
{
    const int LongestError = 200;

    readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = addresses.ConnectAsync,
        ConnectTimeout = settings.Timeout,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <param name="webhook">Whose URL and secret.</param>
    /// <param name="batch">What.</param>
    /// <param name="attempt">From 1; 0 for a test.</param>
    /// <param name="ct">The server stops, or the webhook was changed.</param>
    public async Task<WebhookOutcome> SendAsync(Webhook webhook, WebhookBatch batch, int attempt, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(settings.Timeout);
        var begun = clock.GetTimestamp();
        var outcome = await TryAsync(webhook, batch, attempt, patience.Token);
        ct.ThrowIfCancellationRequested();
        meter.Attempted(clock.GetElapsedTime(begun), outcome.Error is null);
        if (outcome.Error is { } error)
            LogRefused(logger, webhook.Name, attempt, error);
        return outcome;
    }

    /// <summary><c>t=…,v1=…</c>: HMAC-SHA256 with the secret over Unix seconds, a dot and the body, in hex.</summary>
    public static string Sign(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{seconds}.")));
        hmac.AppendData(body);
        return FormattableString.Invariant($"t={seconds},v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}");
    }

    public void Dispose() => _http.Dispose();

    async Task<WebhookOutcome> TryAsync(Webhook webhook, WebhookBatch batch, int attempt, CancellationToken ct)
    {
        try
        {
            using var request = Request(webhook, batch, attempt);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return new((int)answer.StatusCode, answer.IsSuccessStatusCode ? null : $"answered {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(null, Told(e));
        }
    }

    HttpRequestMessage Request(Webhook webhook, WebhookBatch batch, int attempt)
    {
        var content = new ReadOnlyMemoryContent(batch.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = content };
        request.Headers.UserAgent.Add(new("Waybill", null));
        request.Headers.Add("Waybill-Webhook", webhook.Name);
        request.Headers.Add("Waybill-Event", batch.Frames.Count == 0 ? "test" : "events");
        request.Headers.Add("Waybill-Attempt", FormattableString.Invariant($"{attempt}"));
        request.Headers.Add("Waybill-Signature", Sign(webhook.Secret, clock.GetUtcNow().ToUnixTimeSeconds(), batch.Body.Span));
        return request;
    }

    /// <summary>What a person can do something about.</summary>
    string Told(Exception e)
    {
        var text = e switch
        {
            OperationCanceledException => $"no answer within {settings.Timeout.TotalSeconds:0.#} s",
            HttpRequestException { InnerException: RefusedException refusal } => refusal.Message,
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host's name cannot be resolved",
            _ => $"{e.Message} {e.InnerException?.Message}".Trim(),
        };
        return text.Length <= LongestError ? text : text[..LongestError];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} did not take attempt {Attempt}: {Error}")]
    static partial void LogRefused(ILogger logger, string webhook, int attempt, string error);
}
