using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Waybill.Tests.Api.Tencent;

/// <summary>
/// A program with one of Tencent's cloud SDKs of which only the endpoint was changed: it posts to / and signs as the vendor's
/// page "Signature v3" says, step by step. Tests bend what is sent.
/// </summary>
sealed record CloudProgram(Uri Endpoint, string SecretId, string SecretKey)
{
    public string Version { get; init; } = "2021-04-08";

    /// <summary>The SDKs take the product's short name, or the beginning of the endpoint.</summary>
    public string Service { get; init; } = "iotcloud";

    /// <summary>The SDK for Node signs the host without its port.</summary>
    public bool SignsPort { get; init; } = true;

    public TimeSpan ClockOff { get; init; }

    /// <summary>What happens to the request on its way.</summary>
    public Action<HttpRequestMessage> Tamper { get; init; } = _ => { };

    public static async Task<CloudProgram> StartAsync(House house, string role = "owner", params string[] products)
    {
        await house.KeyAsync(role, products);
        var pair = (await house.SendAsync("POST", $"/api/v1/keys/{role}/tencent-secret")).Is(HttpStatusCode.OK);
        return new(house.Server.Api, pair["secretId"]!, pair["secretKey"]!);
    }

    public Task<Reply> CallAsync(string action, object? parameters = null) => CallAsync(action, JsonSerializer.Serialize(parameters ?? new { }));

    public async Task<Reply> CallAsync(string action, string payload)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Endpoint, "/"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload));
        var time = DateTimeOffset.UtcNow + ClockOff;
        var timestamp = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signing = new Signing("application/json", SignsPort ? Endpoint.Authority : Endpoint.Host, payload, timestamp, Service);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach (var (name, value) in (IEnumerable<(string, string)>)
            [("Host", Endpoint.Authority), ("X-TC-Action", action), ("X-TC-Version", Version), ("X-TC-Timestamp", timestamp), ("X-TC-Region", "ap-guangzhou"),
            ("X-TC-RequestClient", "SDK_PYTHON_3.0.1000"), ("X-TC-Language", "zh-CN"), ("Authorization", signing.Authorization(SecretId, SecretKey))])
            request.Headers.TryAddWithoutValidation(name, value);
        Tamper(request);
        using var http = new HttpClient();
        return await Reply.OfAsync(await http.SendAsync(request, House.Soon));
    }
}

/// <summary>The four steps of the vendor's page, for a POST that signs content-type and host.</summary>
sealed record Signing(string ContentType, string Host, string Payload, string Timestamp, string Service)
{
    const string Algorithm = "TC3-HMAC-SHA256";

    string Date => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture)).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string Signature(string secretKey)
    {
        var canonicalRequest = $"POST\n/\n\ncontent-type:{ContentType}\nhost:{Host}\n\ncontent-type;host\n{Sha256(Payload)}";
        var stringToSign = $"{Algorithm}\n{Timestamp}\n{Date}/{Service}/tc3_request\n{Sha256(canonicalRequest)}";
        var secretDate = Hmac(Encoding.UTF8.GetBytes("TC3" + secretKey), Date);
        var secretSigning = Hmac(Hmac(secretDate, Service), "tc3_request");
        return Convert.ToHexStringLower(Hmac(secretSigning, stringToSign));
    }

    public string Authorization(string secretId, string secretKey) =>
        $"{Algorithm} Credential={secretId}/{Date}/{Service}/tc3_request, SignedHeaders=content-type;host, Signature={Signature(secretKey)}";

    static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
