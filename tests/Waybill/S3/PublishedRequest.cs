using Microsoft.AspNetCore.Http;
using Waybill.S3.Signing;

namespace Waybill.Tests.S3;

/// <summary>The examples of "Authenticating Requests (AWS Signature Version 4)" in the S3 API reference, signatures and all.</summary>
static class PublishedRequest
{
    public const string AccessKey = "AKIAIOSFODNN7EXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    const string Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    public static readonly DateTimeOffset Time = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    public static IncomingRequest Get { get; } = Signed(
        "GET", "/test.txt", "", "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ("Range", "bytes=0-9"), ("x-amz-content-sha256", Empty));

    public static IncomingRequest Put { get; } = Signed(
        "PUT", "/test$file.text", "", "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"));

    public static IncomingRequest Lifecycle { get; } = Signed(
        "GET", "/", "lifecycle", "host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ("x-amz-content-sha256", Empty));

    public static IncomingRequest List { get; } = Signed(
        "GET", "/", "max-keys=2&prefix=J", "host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ("x-amz-content-sha256", Empty));

    public static IncomingRequest Presigned { get; } = new(
        "GET",
        "/test.txt",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
            + "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        new HeaderDictionary { ["Host"] = "examplebucket.s3.amazonaws.com" });

    public static IncomingRequest Chunked { get; } = Signed(
        "PUT", "/examplebucket/chunkObject.txt", "",
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        ("Host", "s3.amazonaws.com"), ("Content-Encoding", "aws-chunked"), ("Content-Length", "66824"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"));

    public static IncomingRequest ChunkedWithTrailer { get; } = Signed(
        "PUT", "/examplebucket/chunkObject.txt", "",
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        ("Host", "s3.amazonaws.com"), ("Content-Encoding", "aws-chunked"), ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
        ("x-amz-decoded-content-length", "66560"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("x-amz-trailer", "x-amz-checksum-crc32c"));

    public static IncomingRequest[] All => [Get, Put, Lifecycle, List, Presigned, Chunked, ChunkedWithTrailer];

    /// <summary>The request with other headers than it has.</summary>
    public static IncomingRequest With(this IncomingRequest request, params (string Name, string? Value)[] headers)
    {
        var changed = new HeaderDictionary(request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in headers)
            changed[name] = value;
        return request with { Headers = changed };
    }

    /// <summary>The code of the refusal; null where the signature is true.</summary>
    public static string? Verdict(this IncomingRequest request, DateTimeOffset? now = null, string secret = Secret)
    {
        var (claim, refusal) = SignatureClaim.Read(request, now ?? Time);
        if (claim is not null)
            (_, refusal) = new SignatureCheck(new SigningKeys()).Check(request, claim, secret);
        return refusal?.Code;
    }

    public static VerifiedSignature Verified(this IncomingRequest request)
    {
        var (claim, _) = SignatureClaim.Read(request, Time);
        return new SignatureCheck(new SigningKeys()).Check(request, claim!, Secret).Verified!;
    }

    static IncomingRequest Signed(string method, string path, string query, string signed, string signature, params (string Name, string? Value)[] headers) =>
        new IncomingRequest(method, path, query, new HeaderDictionary { ["Host"] = "examplebucket.s3.amazonaws.com" })
            .With(headers)
            .With(
                ("x-amz-date", "20130524T000000Z"),
                ("Authorization", $"AWS4-HMAC-SHA256 Credential={AccessKey}/20130524/us-east-1/s3/aws4_request,SignedHeaders={signed},Signature={signature}"));
}
