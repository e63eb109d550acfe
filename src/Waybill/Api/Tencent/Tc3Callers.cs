using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waybill.Devices;

namespace Waybill.Api.Tencent;

/// <summary>Who signed a request as Tencent's cloud SDKs do.</summary>
sealed class Tc3Callers(TencentSecrets secrets, TimeProvider clock)
{
    const string Host = "host";
    static readonly TimeSpan s_skew = TimeSpan.FromMinutes(5);

    /// <summary>The caller, and the body that was signed.</summary>
    /// <exception cref="RefusedException"><c>AuthFailure.…</c>.</exception>
    public async Task<(Caller Caller, ReadOnlyMemory<byte> Body)> AdmitAsync(HttpContext http, CancellationToken ct)
    {
        var request = http.Request;
        var authorization = Tc3Authorization.Of(request.Headers.Authorization);
        var timestamp = Timestamp(request, authorization);
        var headers = authorization.HeaderNames.ToDictionary(name => name, name => Value(request, name), StringComparer.Ordinal);
        var pair = await secrets.FindAsync(authorization.SecretId, ct)
            ?? throw new RefusedException("AuthFailure.SecretIdNotFound", "There is no such SecretId, or it is disabled.");
        var body = await JsonBody.BytesAsync(http);
        // the SDK for Node signs the host without the port that it sends
        foreach (var host in (IEnumerable<string>)[headers[Host], request.Host.Host])
        {
            headers[Host] = host;
            var signature = Tc3Signature.Of(authorization, [.. authorization.HeaderNames.Select(name => headers[name])], timestamp, body.Span, pair.Secret);
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.UTF8.GetBytes(authorization.Signature)))
                return (secrets.Admit(pair), body);
        }
        throw Wrong("is not the one of this request and this SecretId's key");
    }

    /// <summary>As it came: the signature is made of it.</summary>
    string Timestamp(HttpRequest request, Tc3Authorization authorization)
    {
        string? text = request.Headers["X-TC-Timestamp"];
        if (string.IsNullOrEmpty(text))
            throw new RefusedException("MissingParameter", "The header X-TC-Timestamp is missing.");
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            throw new RefusedException("InvalidParameterValue", "The header X-TC-Timestamp must be seconds since 1970.");
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if ((clock.GetUtcNow() - time).Duration() > s_skew)
            throw new RefusedException("AuthFailure.SignatureExpire", "X-TC-Timestamp is more than five minutes off: look at both clocks.");
        return authorization.Date == time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            ? text
            : throw Wrong("has another date than X-TC-Timestamp in UTC");
    }

    static string Value(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) && values is [{ } value] ? value : throw Wrong($"is of a header that is not there once: {name}");

    static RefusedException Wrong(string why) => new("AuthFailure.SignatureFailure", $"The signature {why}.");
}
