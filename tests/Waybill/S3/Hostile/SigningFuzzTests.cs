using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Waybill.S3.Signing;
using Xunit;

namespace Waybill.Tests.S3.Hostile;

/// <summary>Thousands of signatures that are almost right. None is taken for another than it is, and nothing is thrown but a refusal.</summary>
public sealed class SigningFuzzTests
{
    static readonly Config s_thousands = Config.QuickThrowOnFailure.WithMaxTest(4000).WithQuietOnSuccess(true);
    static readonly Uri s_endpoint = new("http://127.0.0.1:9000");
    static readonly byte[][] s_chunks = ["one chunk"u8.ToArray(), "and another"u8.ToArray()];

    [Fact]
    public void An_authorization_header_is_true_only_as_it_was_written()
    {
        var text = PublishedRequest.Get.Headers.Authorization.ToString();
        Prop.ForAll(Mutations.Of(text).ToArbitrary(), changed =>
        {
            var request = PublishedRequest.Get.With(("Authorization", changed));
            // who signs is said by the secret that is taken, not by the signature
            return request.Verdict() is not null || SignatureClaim.Read(request, PublishedRequest.Time).Claim!.AccessKey != PublishedRequest.AccessKey || Parts(changed).SequenceEqual(Parts(text));
        }).Check(s_thousands);

        static IEnumerable<string> Parts(string header) => header["AWS4-HMAC-SHA256 ".Length..].Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_presigned_query_is_true_only_with_what_was_signed()
    {
        var text = PublishedRequest.Presigned.Query;
        Prop.ForAll(Mutations.Of(text).ToArbitrary(), changed =>
            (PublishedRequest.Presigned with { Query = changed }).Verdict() is not null || Parameters(changed).SequenceEqual(Parameters(text))).Check(s_thousands);

        static IEnumerable<string> Parameters(string query) => query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => Uri.UnescapeDataString(p.Replace('+', ' ')).TrimEnd('=')).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Headers_are_read_or_refused_whatever_they_hold()
    {
        string[] names = ["x-amz-date", "Date", "x-amz-content-sha256", "Host", "x-amz-security-token"];
        var changed = from name in Gen.Elements(names)
                      from value in Mutations.Of(name == "Host" ? "examplebucket.s3.amazonaws.com" : "20130524T000000Z")
                      select (name, value);
        Prop.ForAll(changed.ToArbitrary(), c => PublishedRequest.Get.With((c.name, c.value)).Verdict() is null or { Length: > 0 }).Check(s_thousands);
    }

    [Fact]
    public void Signed_chunks_are_what_was_signed_or_refused()
    {
        var request = HandChunks.Request("/bucket/k", s_chunks);
        var wire = Encoding.Latin1.GetString([.. HandChunks.Frames(request, s_endpoint, s_chunks).SelectMany(f => f)]);
        var signature = Verified(request);
        Assert.Equal("one chunkand another", Read(wire));
        Prop.ForAll(Mutations.Of(wire).ToArbitrary(), changed => Read(changed) is null or "one chunkand another").Check(s_thousands);

        string? Read(string text) => Decode(new(20, signature.Chunks(), checksum: null, hasTrailer: false), text);
    }

    [Fact]
    public void Chunks_with_a_checksum_behind_them_are_what_was_sent_or_refused()
    {
        const string Wire = "2\r\nhe\r\n3\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
        Assert.Equal("hello", Read(Wire));
        Prop.ForAll(Mutations.Of(Wire).ToArbitrary(), changed => Read(changed) is null or "hello").Check(s_thousands);

        static string? Read(string text) => Decode(new(5, signatures: null, new BodyChecksum(ChecksumKind.Crc32), hasTrailer: true), text);
    }

    static VerifiedSignature Verified(HandSigned request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.AllHeaders(s_endpoint))
            headers[name] = value;
        var incoming = new IncomingRequest(request.Method, request.Target, "", headers);
        return new SignatureCheck(new SigningKeys()).Check(incoming, SignatureClaim.Read(incoming, DateTimeOffset.UtcNow).Claim!, request.Secret).Verified!;
    }

    /// <summary>The content; null when it is refused.</summary>
    static string? Decode(ChunkDecoder decoder, string wire)
    {
        using (decoder)
        {
            var content = new ArrayBufferWriter<byte>();
            decoder.Decode(new(Encoding.Latin1.GetBytes(wire)), content);
            decoder.End();
            return decoder.Refusal is null ? Encoding.Latin1.GetString(content.WrittenSpan) : null;
        }
    }
}
