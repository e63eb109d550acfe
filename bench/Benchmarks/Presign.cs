using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.Benchmarks;

/// <summary>URLs signed in advance, for load generators that cannot sign: <c>presign METHOD ENDPOINT ACCESS-KEY SECRET PATH COUNT [QUERY]</c>. Each <c>{n}</c> in
/// the path becomes a number. A line of output is a path and its query.</summary>
static class Presign
{
    const string Scope = "us-east-1/s3/aws4_request";

    public static int Run(string method, Uri endpoint, string accessKey, string secret, string path, int count, string query)
    {
        var now = DateTimeOffset.UtcNow;
        var (date, time) = (now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (string[])[date, .. Scope.Split('/')])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var credential = Uri.EscapeDataString($"{accessKey}/{date}/{Scope}");
        var signed = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires=604800&X-Amz-SignedHeaders=host";
        var all = query.Length == 0 ? signed : $"{signed}&{query}";
        using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        for (var n = 0; n < count; n++)
        {
            var one = path.Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            var canonical = $"{method}\n{one}\n{all}\nhost:{endpoint.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
            var text = $"AWS4-HMAC-SHA256\n{time}\n{date}/{Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
            output.WriteLine($"{one}?{all}&X-Amz-Signature={Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}");
        }
        return 0;
    }
}
