using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Waybill.S3.Signing;

namespace Waybill.Benchmarks;

/// <summary>The check of a PUT's signature as AWS's SDK signs it, by header: microseconds of one core.</summary>
static class SignatureSpeed
{
    const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const int Many = 200_000;

    public static int Run()
    {
        var now = DateTimeOffset.UtcNow;
        var request = Request(now);
        var check = new SignatureCheck(new SigningKeys());
        // signed with what the check expects: found by asking for the canonical request itself
        var (claim, refusal) = SignatureClaim.Read(request, now);
        if (claim is null)
            throw new InvalidOperationException(refusal!.Text);
        var key = KeyOf(claim.Scope);
        var signature = HMACSHA256.HashData(key, CanonicalRequest.StringToSign(claim, CanonicalRequest.Write(request, claim, "127.0.0.1:9000")));
        request.Headers.Authorization = ((string?)request.Headers.Authorization)!.Replace(new string('0', 64), Convert.ToHexStringLower(signature), StringComparison.Ordinal);
        var best = double.MaxValue;
        for (var turn = 0; turn < 5; turn++)
        {
            var watch = Stopwatch.StartNew();
            for (var n = 0; n < Many; n++)
            {
                var (read, _) = SignatureClaim.Read(request, now);
                if (check.Check(request, read!, Secret).Verified is null)
                    throw new InvalidOperationException("The signature is not taken.");
            }
            best = Math.Min(best, watch.Elapsed.TotalMicroseconds / Many);
        }
        Console.WriteLine(best.ToString("F1", CultureInfo.InvariantCulture));
        return 0;
    }

    static IncomingRequest Request(DateTimeOffset now)
    {
        var time = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return new("PUT", "/bench/some/key/of/usual/length.log", "x-id=PutObject", new HeaderDictionary
        {
            ["Host"] = "127.0.0.1:9000",
            ["Content-Length"] = "1048576",
            ["Content-Type"] = "application/octet-stream",
            ["User-Agent"] = "aws-sdk-dotnet-coreclr/4.0.104.9",
            ["amz-sdk-invocation-id"] = "6a6d4bc6-0f7c-4b0c-8e3a-0b0f5f5b9b8c",
            ["amz-sdk-request"] = "attempt=1; max=5",
            ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD",
            ["x-amz-date"] = time,
            ["Authorization"] = $"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/{time[..8]}/us-east-1/s3/aws4_request, "
                + $"SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;user-agent;x-amz-content-sha256;x-amz-date, Signature={new string('0', 64)}",
        });
    }

    static byte[] KeyOf(SigningScope scope)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (var part in (string[])[scope.Date, scope.Region, scope.Service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return key;
    }
}
