using System.Net;
using System.Text.Json;
using Waybill.Objects.Credentials.Issuers;
using Waybill.Tests.Api;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>Credentials of Alibaba Cloud OSS, with a stand-in for its STS.</summary>
public sealed class AliIssuerStories
{
    const string Credentials = $"/api/v1/products/{Keyring.Product}/devices/dev001/storage-credentials";
    const string Ask = """{"issuer":"oss","prefix":"日志/dock 1/","actions":["upload","list"],"expiresIn":1800,"job":"log:7"}""";

    [Fact]
    public async Task They_come_with_a_policy_for_one_prefix()
    {
        await using var sts = await AliSts.StartAsync();
        await using var house = await StartAsync(sts);
        var made = (await house.SendAsync("POST", Credentials, Ask)).Is(HttpStatusCode.OK);

        Assert.Equal(("oss", "ali", "https://oss-cn-hangzhou.aliyuncs.com", "cn-hangzhou"), (made["issuer"], made["provider"], made["endpoint"], made["region"]));
        Assert.Equal(("docks", "日志/dock 1/"), (made["bucket"], made["prefix"]));
        Assert.Equal(("STS.L4aBSCSJVMuKg5U1****", "secret-of-session"), (made["accessKey"], made["secretKey"]));
        Assert.StartsWith("token-of-waybill-", made["sessionToken"], StringComparison.Ordinal);
        Assert.InRange(made.Json.GetProperty("expiresAt").GetDateTime() - DateTime.UtcNow, TimeSpan.FromMinutes(28), TimeSpan.FromMinutes(31));
        Assert.Equal("1800", sts.Granted["DurationSeconds"]);
        var issuers = (await house.SendAsync("GET", "/api/v1/storage/issuers")).Is(HttpStatusCode.OK);
        Assert.Equal(("ours", "oss", "ali", "docks", "3600"), (issuers["items.0.name"], issuers["items.1.name"], issuers["items.1.provider"], issuers["items.1.bucket"], issuers["items.1.longestSeconds"]));
        Assert.DoesNotContain(AliSts.Secret, issuers.Text, StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse(
                """
                {"Version":"1","Statement":[
                  {"Effect":"Allow","Action":["oss:PutObject","oss:AbortMultipartUpload","oss:ListParts"],"Resource":"acs:oss:*:*:docks/日志/dock 1/*"},
                  {"Effect":"Allow","Action":["oss:ListObjects","oss:ListMultipartUploads"],"Resource":"acs:oss:*:*:docks","Condition":{"StringLike":{"oss:Prefix":"日志/dock 1/*"}}}]}
                """),
            JsonElement.Parse(sts.Granted["Policy"])));
    }

    [Theory]
    [InlineData("AccessKey", "LTAI5tOther", "InvalidAccessKeyId.NotFound", "Waybill:S3:Issuers:oss:AccessKey")]
    [InlineData("SecretKey", "another-secret-9876543210", "SignatureDoesNotMatch", "Waybill:S3:Issuers:oss:SecretKey")]
    [InlineData("RoleArn", "acs:ram::1234567890123456:role/none", "EntityNotExist.Role", "Waybill:S3:Issuers:oss:RoleArn")]
    [InlineData("Longest", "02:00:00", "InvalidParameter.DurationSeconds", "Waybill:S3:Issuers:oss:Longest")]
    public async Task What_it_refuses_comes_with_the_remedy(string key, string value, string code, string remedy)
    {
        await using var sts = await AliSts.StartAsync();
        await using var house = await StartAsync(sts, ($"S3:Issuers:oss:{key}", value));
        var refused = await house.SendAsync("POST", Credentials, Ask.Replace("1800", key == "Longest" ? "7200" : "1800", StringComparison.Ordinal));
        refused.IsProblem(HttpStatusCode.BadGateway, "issuer_refused");
        Assert.Contains(code, refused["detail"], StringComparison.Ordinal);
        Assert.Contains(remedy, refused["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain(AliSts.Secret, refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, """{"Code":"NoPermission","Message":"You are not authorized to do this action. You should be authorized by RAM."}""", HttpStatusCode.BadGateway, "AliyunSTSAssumeRoleAccess")]
    [InlineData(HttpStatusCode.BadRequest, """{"Code":"Throttling.User","Message":"Request was denied due to user flow control."}""", HttpStatusCode.ServiceUnavailable, "try again")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"Code":"ServiceUnavailable","Message":"The request has failed due to a temporary failure of the server."}""", HttpStatusCode.ServiceUnavailable, "try again")]
    [InlineData(HttpStatusCode.OK, "<html>a proxy</html>", HttpStatusCode.ServiceUnavailable, "StsEndpoint")]
    [InlineData(HttpStatusCode.OK, """{"Credentials":{"AccessKeyId":"k","AccessKeySecret":"s"}}""", HttpStatusCode.ServiceUnavailable, "without credentials")]
    public async Task Other_answers_are_no_credentials(HttpStatusCode status, string body, HttpStatusCode expected, string said)
    {
        await using var sts = await AliSts.StartAsync();
        await using var house = await StartAsync(sts);
        sts.Instead = (status, body);
        var refused = (await house.SendAsync("POST", Credentials, Ask)).Is(expected);
        Assert.Contains(said, refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_secret_is_in_the_log_however_much_it_tells()
    {
        await using var sts = await AliSts.StartAsync();
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(directory,
        [
            "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Mqtt:Port=0", "--Waybill:Http:TryPort80=false", $"--Waybill:AdminKey={House.AdminKey}",
            "--Logging:LogLevel:Default=Trace", .. Settings(sts).Select(s => $"--Waybill:{s.Key}={s.Value}"),
        ]))
        {
            using var api = new HttpClient { BaseAddress = await server.ApiAsync() };
            api.DefaultRequestHeaders.Authorization = new("Bearer", House.AdminKey);
            await SendAsync(HttpMethod.Put, $"/api/v1/products/{Keyring.Product}", """{"dialects":["tencent-hub"]}""");
            await SendAsync(HttpMethod.Put, $"/api/v1/products/{Keyring.Product}/devices/dev001", "{}");
            var made = await SendAsync(HttpMethod.Post, Credentials, Ask);
            var key = await SendAsync(HttpMethod.Post, "/api/v1/storage/keys", """{"name":"a","rights":[{"bucket":"box","access":"read"}]}""");
            sts.Instead = (HttpStatusCode.Forbidden, """{"Code":"NoPermission","Message":"no"}""");
            Assert.Equal("issuer_refused", (await SendAsync(HttpMethod.Post, Credentials, Ask)).Code);
            Assert.Equal(0, await server.StopAsync());
            Assert.Contains("made storage credentials", server.Output, StringComparison.Ordinal);
            foreach (var secret in (string?[])[AliSts.Secret, House.AdminKey, made["secretKey"], made["sessionToken"], key["secretKey"]])
                Assert.DoesNotContain(secret!, server.Output, StringComparison.Ordinal);

            async Task<Reply> SendAsync(HttpMethod method, string path, string json)
            {
                using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json) };
                return await Reply.OfAsync(await api.SendAsync(request, House.Soon));
            }
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Who_does_not_answer_is_not_waited_for()
    {
        await using var sts = await AliSts.StartAsync();
        await using var house = await StartAsync(sts, ("S3:Issuers:oss:Timeout", "00:00:00.2"));
        sts.Instead = (HttpStatusCode.OK, "");
        var refused = (await house.SendAsync("POST", Credentials, Ask)).IsProblem(HttpStatusCode.ServiceUnavailable, "issuer_unavailable");
        Assert.Contains("did not answer", refused["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_signature_is_that_of_the_reference() => Assert.Equal(
        "gNI7b0AyKZHxDgjBGPDgJ1Ce3L4=",
        AliSignature.Of(
            "GET",
            new Dictionary<string, string>
            {
                ["SignatureVersion"] = "1.0",
                ["Format"] = "JSON",
                ["Timestamp"] = "2015-09-01T05:57:34Z",
                ["RoleArn"] = "acs:ram::1234567890123:role/firstrole",
                ["RoleSessionName"] = "client",
                ["AccessKeyId"] = "testid",
                ["SignatureMethod"] = "HMAC-SHA1",
                ["Version"] = "2015-04-01",
                ["Action"] = "AssumeRole",
                ["SignatureNonce"] = "571f8fb8-506e-11e5-8e12-b8e8563dc8d2",
            },
            "testsecret"));

    static async Task<House> StartAsync(AliSts sts, params (string Key, string? Value)[] settings)
    {
        var house = await House.StartAsync([.. Settings(sts), .. settings]);
        await house.DeviceAsync();
        return house;
    }

    static (string Key, string? Value)[] Settings(AliSts sts) =>
    [
        ("S3:Issuers:oss:Provider", "ali"), ("S3:Issuers:oss:Region", "cn-hangzhou"), ("S3:Issuers:oss:StsEndpoint", sts.Url), ("S3:Issuers:oss:Bucket", "docks"),
        ("S3:Issuers:oss:RoleArn", AliSts.Role), ("S3:Issuers:oss:AccessKey", AliSts.AccessKey), ("S3:Issuers:oss:SecretKey", AliSts.Secret),
    ];
}
