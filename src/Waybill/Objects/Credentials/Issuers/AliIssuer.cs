using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Credentials of Alibaba Cloud OSS: AssumeRole of STS 2015-04-01, with a policy for the prefix.</summary>
sealed class AliIssuer(IssuerSettings settings, TimeProvider clock) : ICredentialIssuer, IDisposable
{
    const int LongestSessionName = 32;
    const int LongestAnswer = 64 << 10;

    readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = settings.Timeout,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    public async Task<IssuedCredentials> IssueAsync(CredentialAsk ask, CancellationToken ct)
    {
        var (status, answer) = await CallAsync(Parameters(ask), ct);
        if (status >= HttpStatusCode.InternalServerError || answer?.Code?.StartsWith("Throttling", StringComparison.Ordinal) == true)
            throw IssuerRefusals.Unavailable(settings, $"answered {(int)status} {answer?.Code}");
        if (status != HttpStatusCode.OK)
            throw IssuerRefusals.Refused(settings, answer?.Code ?? $"{(int)status}", answer?.Message);
        if (answer?.Credentials is not { AccessKeyId: { } key, AccessKeySecret: { } secret, SecurityToken: { } token, Expiration: { } ends })
            throw IssuerRefusals.Unavailable(settings, "answered without credentials");
        return new("ali", ask.Bucket!, ask.Prefix, new(key, secret, token, ends)) { Endpoint = settings.Endpoint, Region = settings.Region };
    }

    public void Dispose() => _http.Dispose();

    Dictionary<string, string> Parameters(CredentialAsk ask)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = "AssumeRole",
            ["Version"] = "2015-04-01",
            ["Format"] = "JSON",
            ["AccessKeyId"] = settings.AccessKey,
            ["SignatureMethod"] = "HMAC-SHA1",
            ["SignatureVersion"] = "1.0",
            ["SignatureNonce"] = Guid.NewGuid().ToString(),
            ["Timestamp"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["RoleArn"] = settings.RoleArn,
            ["RoleSessionName"] = ask.SessionName(LongestSessionName),
            ["DurationSeconds"] = ((int)ask.Lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture),
            ["Policy"] = PrefixPolicy.Ali(ask),
        };
        parameters["Signature"] = AliSignature.Of("POST", parameters, settings.SecretKey);
        return parameters;
    }

    async Task<(HttpStatusCode Status, AliAnswer? Answer)> CallAsync(Dictionary<string, string> parameters, CancellationToken ct)
    {
        try
        {
            using var form = new FormUrlEncodedContent(parameters);
            using var response = await _http.PostAsync(new Uri(settings.StsEndpoint + "/"), form, ct);
            return (response.StatusCode, Read(await response.Content.ReadAsByteArrayAsync(ct)));
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or OperationCanceledException)
        {
            throw IssuerRefusals.Unavailable(settings, "did not answer");
        }
    }

    /// <summary>Null for what is none.</summary>
    static AliAnswer? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, AliJson.Default.AliAnswer);
        }
        catch (JsonException)
        {
            // a proxy's page; there is no way to ask without
            return null;
        }
    }
}

/// <summary>Credentials, or a code and what it means.</summary>
sealed record AliAnswer(AliCredentials? Credentials, string? Code, string? Message);

sealed record AliCredentials(string? AccessKeyId, string? AccessKeySecret, string? SecurityToken, DateTimeOffset? Expiration);

[JsonSerializable(typeof(AliAnswer))]
sealed partial class AliJson : JsonSerializerContext;
