using System.Net;
using System.Text;
using Waybill.Data;
using Waybill.Objects.Credentials;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>What no tool can be made to send, signed by hand: wrong keys, tokens, clocks, URLs and bodies. Nothing of it is stored.</summary>
public sealed class RefusedStories
{
    const string UploadOnly = """{"Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/dock1/*"}]}""";

    static readonly HandSigned s_put = new("PUT", "/bucket/k") { Body = "hello"u8.ToArray() };

    [Fact]
    public async Task By_hand_a_request_is_signed_as_the_programs_do()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(s_put)).Is(HttpStatusCode.OK);
        Assert.Equal("hello", (await house.SendAsync(new("GET", "/bucket/k"))).Is(HttpStatusCode.OK).Text);
        Assert.Equal("hello", (await house.FetchAsync(new HandSigned("GET", "/bucket/k").Presigned(house.Endpoint, 60))).Is(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task Wrong_keys_and_clocks()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(s_put with { Secret = "wrong" })).Is(HttpStatusCode.Forbidden, "SignatureDoesNotMatch");
        (await house.SendAsync(s_put with { AccessKey = "AKIAUNKNOWN" })).Is(HttpStatusCode.Forbidden, "InvalidAccessKeyId");
        (await house.SendAsync(s_put with { At = DateTimeOffset.UtcNow.AddMinutes(-16) })).Is(HttpStatusCode.Forbidden, "RequestTimeTooSkewed");
        (await house.SendAsync(s_put with { At = DateTimeOffset.UtcNow.AddMinutes(16) })).Is(HttpStatusCode.Forbidden, "RequestTimeTooSkewed");
        using var unsigned = await house.Http.PutAsync(new Uri(house.Endpoint, "/bucket/k"), new ByteArrayContent([1]), Tests.House.Soon);
        (await S3Reply.OfAsync(unsigned)).Is(HttpStatusCode.Forbidden, "AccessDenied");
        await house.NothingIsStoredAsync();
    }

    [Fact]
    public async Task Wrong_and_expired_tokens_and_what_lies_outside_the_prefix()
    {
        await using var house = await S3House.StartAsync();
        var (one, other) = (await house.AssumeAsync(UploadOnly), await house.AssumeAsync(UploadOnly));
        var put = s_put with { Target = "/bucket/dock1/k", AccessKey = one.AccessKeyId, Secret = one.SecretAccessKey, Token = one.SessionToken };
        (await house.SendAsync(put with { Token = other.SessionToken })).Is(HttpStatusCode.BadRequest, "InvalidToken");
        (await house.SendAsync(put with { Token = one.SessionToken[..^2] })).Is(HttpStatusCode.BadRequest, "InvalidToken");
        (await house.SendAsync(put with { Token = null })).Is(HttpStatusCode.Forbidden, "InvalidAccessKeyId");
        (await house.SendAsync(put with { Target = "/bucket/dock2/k" })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.SendAsync(put with { Target = "/bucket/dock1/../dock2/k" })).Is(HttpStatusCode.OK);
        (await house.SendAsync(new HandSigned("DELETE", "/bucket/dock1/../dock2/k"))).Is(HttpStatusCode.NoContent);
        (await house.SendAsync(put with { Method = "GET" })).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.SendAsync(put with { Headers = [("x-amz-copy-source", "/bucket/dock1/other")] })).Is(HttpStatusCode.Forbidden, "AccessDenied");

        var ended = house.House.Get<SessionCredentials>().Mint(GrantedRights.Everything, TimeSpan.Zero, "dock1", "job-1");
        (await house.SendAsync(put with { AccessKey = ended.AccessKey, Secret = ended.Secret, Token = ended.SessionToken })).Is(HttpStatusCode.BadRequest, "ExpiredToken");
        Assert.Equal(0, await house.Database.FirstAsync<long>("select count(*) from s3_objects", null, Tests.House.Soon));
    }

    [Fact]
    public async Task Tampered_and_expired_URLs()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(s_put)).Is(HttpStatusCode.OK);
        var get = new HandSigned("GET", "/bucket/k?response-content-type=text%2Fplain");
        var url = get.Presigned(house.Endpoint, 60);
        Assert.Equal("text/plain", (await house.FetchAsync(url)).Is(HttpStatusCode.OK)["Content-Type"]);
        foreach (var (from, to) in ((string, string)[])[("/bucket/k", "/bucket/l"), ("text%2Fplain", "text%2Fhtml"), ("Expires=60", "Expires=6000"), ("Signature=", "Signature=0")])
        {
            var refused = await house.FetchAsync(url.Replace(from, to, StringComparison.Ordinal));
            Assert.Contains(refused.Value("Code"), (string[])["SignatureDoesNotMatch", "AuthorizationQueryParametersError"]);
        }
        (await house.FetchAsync((get with { At = DateTimeOffset.UtcNow.AddSeconds(-61) }).Presigned(house.Endpoint, 60))).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.FetchAsync((get with { At = DateTimeOffset.UtcNow.AddMinutes(16) }).Presigned(house.Endpoint, 60))).Is(HttpStatusCode.Forbidden, "AccessDenied");
        (await house.FetchAsync(get.Presigned(house.Endpoint, 604_801))).Is(HttpStatusCode.BadRequest, "AuthorizationQueryParametersError");
        (await house.FetchAsync(url + "&X-Amz-Expires=60")).Is(HttpStatusCode.BadRequest, "AuthorizationQueryParametersError");
    }

    [Fact]
    public async Task Bodies_that_are_not_what_was_signed()
    {
        await using var house = await S3House.StartAsync();
        (await house.SendAsync(s_put with { Payload = HandSigned.Hash("other"u8) })).Is(HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch");
        (await house.SendAsync(s_put with { Headers = [("content-md5", Convert.ToBase64String(new byte[16]))] })).Is(HttpStatusCode.BadRequest, "BadDigest");
        (await house.SendAsync(s_put with { Headers = [("x-amz-checksum-crc32", "AAAAAA==")] })).Is(HttpStatusCode.BadRequest, "BadDigest");
        var upload = (await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId");
        (await house.SendAsync(s_put with { Target = $"/bucket/k?partNumber=1&uploadId={upload}", Payload = HandSigned.Hash("other"u8) })).Is(HttpStatusCode.BadRequest, "XAmzContentSHA256Mismatch");
        await house.NothingIsStoredAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_cut_in_the_middle_of_a_part(bool chunked)
    {
        await using var house = await S3House.StartAsync();
        var upload = (await house.SendAsync(new("POST", "/bucket/k?uploads"))).Value("UploadId");
        var target = $"/bucket/k?partNumber=1&uploadId={upload}";
        byte[][] chunks = [new byte[3_000_000], new byte[3_000_000]];
        var request = chunked ? HandChunks.Request(target, chunks) : new("PUT", target) { Body = [.. chunks[0], .. chunks[1]] };
        byte[] body = chunked ? [.. HandChunks.Frames(request, house.Endpoint, chunks).SelectMany(f => f)] : request.Body;

        await using (var connection = await house.ConnectAsync())
        {
            await connection.WriteAsync(Encoding.ASCII.GetBytes(request.Head(house.Endpoint, $"Content-Length: {body.Length}")), Tests.House.Soon);
            await connection.WriteAsync(body.AsMemory(0, body.Length / 2), Tests.House.Soon);
            await Eventually.IsAsync("the part is on its way", () => Directory.EnumerateFiles(Path.Join(house.House.Directory, "incoming")).Any());
            connection.Socket.LingerState = new(enable: true, 0);
        }

        await house.NothingIsStoredAsync();
        Assert.Empty((await house.SendAsync(new("GET", $"/bucket/k?uploadId={upload}"))).Values("Part"));
        (await house.SendAsync(request with { Target = target, Body = [1], Payload = null, Headers = [] })).Is(HttpStatusCode.OK);
    }
}
