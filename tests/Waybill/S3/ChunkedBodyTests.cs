using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Waybill.S3.Signing;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class ChunkedBodyTests
{
    static readonly string Content = new('a', 66_560);

    /// <summary>The published example: 64 KiB and 1 KiB of 'a'.</summary>
    static readonly string Chunks = Example(
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9") + "\r\n";

    static readonly string ChunksOfTrailer = Example(
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992");

    const string Checksum = "x-amz-checksum-crc32c:sOO8/Q==\r\n";
    const string TrailerSignature = "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n";

    /// <summary>Where something ends and something else begins, in <see cref="Chunks"/>.</summary>
    public static TheoryData<int> Boundaries =>
        [0, 1, 5, 6, 22, 85, 86, 87, 88, 65_622, 65_623, 65_624, 65_625, 65_626, 65_627, 65_711, 66_735, 66_736, 66_737, 66_738, 66_822, 66_823];

    [Fact]
    public async Task The_published_chunks_are_the_content()
    {
        Assert.Equal(66_824, Chunks.Length);
        Assert.Equal(Content, await ReadAsync(PublishedRequest.Chunked, Chunks));
    }

    [Theory]
    [InlineData(Checksum + TrailerSignature + "\r\n")]
    [InlineData("\r\n" + Checksum + TrailerSignature + "\r\n")]
    [InlineData("x-amz-checksum-crc32c:sOO8/Q==\n\r\n" + TrailerSignature + "\r\n")]
    [InlineData("X-Amz-Checksum-Crc32c: sOO8/Q==\r\n" + TrailerSignature + "\r\n")]
    public async Task The_published_trailer_is_right_in_every_form_it_is_published_in(string trailer) =>
        Assert.Equal(Content, await ReadAsync(PublishedRequest.ChunkedWithTrailer, ChunksOfTrailer + trailer));

    [Theory]
    [InlineData("", "IncompleteBody")]
    [InlineData("\r\n", "IncompleteBody")]
    [InlineData(Checksum, "IncompleteBody")]
    [InlineData(Checksum + "\r\n\r\n", "MalformedTrailerError")]
    [InlineData(Checksum + TrailerSignature, "IncompleteBody")]
    [InlineData(Checksum + TrailerSignature + "\r", "IncompleteBody")]
    [InlineData(Checksum + TrailerSignature + "\r\nx", "MalformedTrailerError")]
    [InlineData(Checksum + Checksum + TrailerSignature + "\r\n", "MalformedTrailerError")]
    [InlineData(Checksum + "x-amz-meta-a:b\r\n" + TrailerSignature + "\r\n", "MalformedTrailerError")]
    [InlineData(TrailerSignature + Checksum + "\r\n", "SignatureDoesNotMatch")]
    [InlineData("x-amz-checksum-crc32c:sOO8/g==\r\n" + TrailerSignature + "\r\n", "SignatureDoesNotMatch")]
    [InlineData("x-amz-checksum-crc32:sOO8/Q==\r\n" + TrailerSignature + "\r\n", "MalformedTrailerError")]
    [InlineData(Checksum + "x-amz-trailer-signature:d81f\r\n\r\n", "MalformedTrailerError")]
    public async Task Another_trailer_is_refused(string trailer, string code) =>
        Assert.Equal(code, await RefusalAsync(PublishedRequest.ChunkedWithTrailer, ChunksOfTrailer + trailer));

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task A_body_that_is_cut_is_refused(int length) =>
        Assert.Equal("IncompleteBody", await RefusalAsync(PublishedRequest.Chunked, Chunks[..length]));

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task A_body_that_is_tampered_with_is_refused(int at)
    {
        var tampered = Chunks.ToCharArray();
        tampered[at] ^= (char)1;
        Assert.Contains(
            await RefusalAsync(PublishedRequest.Chunked, new string(tampered)), (string?[])["SignatureDoesNotMatch", "InvalidRequest", "IncompleteBody", "MalformedTrailerError"]);
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public async Task A_byte_too_many_is_refused(int at) => Assert.NotNull(await RefusalAsync(PublishedRequest.Chunked, Chunks.Insert(at, "a")));

    [Fact]
    public async Task Bytes_behind_the_end_are_refused() => Assert.Equal("InvalidRequest", await RefusalAsync(PublishedRequest.Chunked, Chunks + "\r\n"));

    [Fact]
    public async Task Chunks_in_another_order_are_refused()
    {
        var second = Chunks.IndexOf("\r\n400;", StringComparison.Ordinal) + 2;
        var last = Chunks.IndexOf("\r\n0;", StringComparison.Ordinal) + 2;
        Assert.Equal("SignatureDoesNotMatch", await RefusalAsync(PublishedRequest.Chunked, Chunks[second..last] + Chunks[..second] + Chunks[last..]));
        Assert.Equal("IncompleteBody", await RefusalAsync(PublishedRequest.Chunked, Chunks[..second] + Chunks[last..]));
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", null)]
    [InlineData("2\r\nhe\r\n03\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", null)]
    [InlineData("5;ext=1\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", null)]
    [InlineData("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhw==\r\n\r\n", "BadDigest")]
    [InlineData("5\r\nhellO\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "BadDigest")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "IncompleteBody")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n\r\n", "MalformedTrailerError")]
    [InlineData("6\r\nhello!\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "IncompleteBody")]
    [InlineData("4\r\nhell\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "IncompleteBody")]
    [InlineData("5\r\nhello0\r\n", "InvalidRequest")]
    [InlineData("-5\r\nhello\r\n", "InvalidRequest")]
    [InlineData("5 \r\nhello\r\n", "InvalidRequest")]
    [InlineData("0x5\r\nhello\r\n", "InvalidRequest")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nhello\r\n", "InvalidRequest")]
    [InlineData("FFFFFFFFFF\r\nhello\r\n", "IncompleteBody")]
    [InlineData("5;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\nhello\r\n", "InvalidRequest")]
    public async Task Chunks_without_signatures_have_a_checksum_at_their_end(string body, string? code) =>
        Assert.Equal(code, await RefusalAsync(Unsigned, body));

    [Fact]
    public async Task A_line_without_an_end_is_not_waited_for()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(new string('0', 1024)), TestContext.Current.CancellationToken);
        var (body, _) = SignedBody.Open(pipe.Reader, Unsigned.Headers, Forged(Unsigned));
        var refusal = await Assert.ThrowsAsync<RefusedException>(async () => await body!.Bytes.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("InvalidRequest", refusal.Code);
    }

    [Fact]
    public void What_is_missing_or_unknown_in_the_headers_is_refused()
    {
        Assert.Equal("MissingContentLength", OpenRefusal("x-amz-decoded-content-length", null));
        Assert.Equal("MissingContentLength", OpenRefusal("x-amz-decoded-content-length", "-1"));
        Assert.Equal("InvalidRequest", OpenRefusal("x-amz-trailer", "x-amz-meta-a"));
    }

    [Theory]
    [InlineData("hello", null)]
    [InlineData("hellO", "XAmzContentSHA256Mismatch")]
    [InlineData("hell", "XAmzContentSHA256Mismatch")]
    [InlineData("", "XAmzContentSHA256Mismatch")]
    public async Task A_body_has_the_hash_that_was_signed(string body, string? code)
    {
        var request = PublishedRequest.Get.With(("x-amz-content-sha256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"));
        Assert.Equal(code, await RefusalAsync(request, body));
    }

    static IncomingRequest Unsigned => PublishedRequest.ChunkedWithTrailer.With(
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"), ("x-amz-decoded-content-length", "5"), ("x-amz-trailer", "x-amz-checksum-crc32"));

    static string Example(params string[] signatures) =>
        $"10000;chunk-signature={signatures[0]}\r\n{Content[..65_536]}\r\n400;chunk-signature={signatures[1]}\r\n{Content[65_536..]}\r\n0;chunk-signature={signatures[2]}\r\n";

    /// <summary>The signature of a request whose headers were changed, taken as true.</summary>
    static VerifiedSignature Forged(IncomingRequest request) =>
        new(SignatureClaim.Read(request, PublishedRequest.Time).Claim!, PublishedRequest.Chunked.Verified().Key);

    static string? OpenRefusal(string name, string? value)
    {
        var request = Unsigned;
        return SignedBody.Open(PipeReader.Create(Stream.Null), request.With((name, value)).Headers, Forged(request)).Refusal?.Code;
    }

    static async Task<string?> RefusalAsync(IncomingRequest request, string body)
    {
        try
        {
            await ReadAsync(request, body);
            return null;
        }
        catch (RefusedException refusal)
        {
            return refusal.Code;
        }
    }

    /// <summary>Reads it in pieces of every size, as one does who looks at everything before he takes anything, and as one who takes as it comes.</summary>
    static async Task<string> ReadAsync(IncomingRequest request, string body)
    {
        var texts = new List<string>();
        foreach (var size in (int[])[int.MaxValue, 4096, 1021, 89])
        {
            foreach (var greedy in (bool[])[true, false])
                texts.Add(await ReadAsync(request, new Pieces(Encoding.Latin1.GetBytes(body), size), greedy));
        }
        return Assert.Single(texts.Distinct());
    }

    static async Task<string> ReadAsync(IncomingRequest request, Stream wire, bool greedy)
    {
        var (opened, refusal) = SignedBody.Open(PipeReader.Create(wire), request.Headers, Forged(request));
        Assert.Null(refusal);
        using var body = opened!;
        var text = new StringBuilder();
        while (true)
        {
            var read = await body.Bytes.ReadAsync(TestContext.Current.CancellationToken);
            if (!greedy || read.IsCompleted)
                text.Append(Encoding.Latin1.GetString(read.Buffer));
            body.Bytes.AdvanceTo(greedy && !read.IsCompleted ? read.Buffer.Start : read.Buffer.End, read.Buffer.End);
            if (read.IsCompleted)
                return text.ToString();
        }
    }

    /// <summary>A stream that gives no more than so many bytes at once.</summary>
    sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer.Length > size ? buffer[..size] : buffer, cancellationToken);
    }
}
