using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>A device fresh from the factory: it knows its names and its product's secret, and asks for its own as the vendor's SDKs do.</summary>
sealed record RegisteringDevice(HttpClient Http, string Name = "dev001", string ProductSecret = RegisteringDevice.UsualSecret)
{
    public const string UsualSecret = "hzvf5LF9S0isvBhDSauWMaIk";
    public const string Product = "ABCDE12345";

    // seconds since boot
    const long Clock = 17;

    /// <summary>What the host is called in firmware.</summary>
    public string Host { get; init; } = "ap-guangzhou.gateway.tencentdevices.com";

    /// <summary>As the IoT Explorer C SDK.</summary>
    public Task<JsonElement> AskOldAsync()
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"deviceName={Name}&nonce=846930886&productId={Product}&timestamp={Clock}");
        var hex = Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.ASCII.GetBytes(ProductSecret), Encoding.ASCII.GetBytes(signed)));
        var signature = Convert.ToBase64String(Encoding.ASCII.GetBytes(hex));
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"deviceName":"{{Name}}","nonce":846930886,"productId":"{{Product}}","timestamp":{{Clock}},"signature":"{{signature}}"}""");
        var content = new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded");
        return SendAsync(new(HttpMethod.Post, "/register/dev") { Content = content });
    }

    /// <summary>As the IoT Hub C SDK.</summary>
    public Task<JsonElement> AskAsync()
    {
        var body = $$"""{"ProductId":"{{Product}}","DeviceName":"{{Name}}"}""";
        var hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(body)));
        var signed = string.Create(CultureInfo.InvariantCulture, $"POST\n{Host}\n/device/register\n\nhmacsha1\n{Clock}\n846930886\n{hash}");
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.ASCII.GetBytes(ProductSecret), Encoding.ASCII.GetBytes(signed)));
        var request = new HttpRequestMessage(HttpMethod.Post, "/device/register") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-TC-Algorithm", "hmacsha1");
        request.Headers.TryAddWithoutValidation("X-TC-Timestamp", Clock.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("X-TC-Nonce", "846930886");
        request.Headers.TryAddWithoutValidation("X-TC-Signature", signature);
        return SendAsync(request);
    }

    /// <summary>The secret it is given.</summary>
    public async Task<string> RegisterAsync()
    {
        var answer = await AskAsync();
        Assert.True(answer.GetProperty("Response").TryGetProperty("Payload", out var payload), answer.ToString());
        return Open(payload.GetString()!);
    }

    /// <summary>The word with which it is refused.</summary>
    public async Task<string> RefusedAsync() => (await AskAsync()).GetProperty("Response").GetProperty("Error").GetProperty("Code").GetString()!;

    /// <summary>The device secret in a payload, read as C does: up to the first zero.</summary>
    public string Open(string payload)
    {
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(ProductSecret[..16]);
        var plain = aes.DecryptCbc(Convert.FromBase64String(payload), "0000000000000000"u8, PaddingMode.None);
        var json = JsonElement.Parse(plain.AsSpan(0, Array.IndexOf(plain, (byte)0)));
        Assert.Equal(2, json.GetProperty("encryptionType").GetInt32());
        return json.GetProperty("psk").GetString()!;
    }

    async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Host = Host;
            using var answer = await Http.SendAsync(request, House.Soon);
            var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(House.Soon);
            Assert.InRange(text.Length, 1, 255);
            return JsonElement.Parse(text);
        }
    }
}
