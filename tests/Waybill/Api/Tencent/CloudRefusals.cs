using System.Net;
using System.Net.Http.Headers;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

/// <summary>Who signs wrongly, too late, or for what is not his.</summary>
public sealed class CloudRefusals
{
    const string P = Keyring.Product;

    [Fact]
    public async Task A_request_that_was_changed_on_its_way_is_not_the_signed_one()
    {
        await using var house = await House.StartAsync();
        var program = await CloudProgram.StartAsync(house);
        (await program.CallAsync("GetUserResourceInfo")).Answered();
        void Body(HttpRequestMessage r)
        {
            var before = r.Content!.Headers.ContentType;
            r.Content = new ByteArrayContent("""{"a":1}"""u8.ToArray()) { Headers = { ContentType = before } };
        }
        Action<HttpRequestMessage>[] changes =
        [
            Body,
            r => r.Headers.Host = "another.example",
            r => r.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/json"),
            r => Replace(r, "X-TC-Timestamp", text => $"{long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) - 1}"),
            r => Replace(r, "Authorization", text => text[..^1] + (text[^1] == '0' ? '1' : '0')),
            r => Replace(r, "Authorization", text => text[..^64] + new string('G', 64)),
            r => Replace(r, "Authorization", text => text.Replace("/iotcloud/", "/cvm/", StringComparison.Ordinal)),
            r => Replace(r, "Authorization", text => text.Replace("content-type;host,", "content-type;host;x-missing,", StringComparison.Ordinal)),
        ];
        foreach (var change in changes)
            (await (program with { Tamper = change }).CallAsync("GetUserResourceInfo")).Is(HttpStatusCode.OK).Refused("AuthFailure.SignatureFailure");
        (await (program with { SecretKey = "x" + program.SecretKey }).CallAsync("GetUserResourceInfo")).Refused("AuthFailure.SignatureFailure");
        foreach (var id in (string[])["wbs_999999999999", "AKIDEXAMPLE", "wbs_", "wbs_-1"])
            (await (program with { SecretId = id }).CallAsync("GetUserResourceInfo")).Refused("AuthFailure.SecretIdNotFound");
        (await (program with { Tamper = r => r.Headers.Remove("Authorization") }).CallAsync("GetUserResourceInfo")).Refused("AuthFailure.InvalidAuthorization");
        foreach (var other in (CloudProgram[])[program with { Service = "127" }, program with { SignsPort = false }])
            (await other.CallAsync("GetUserResourceInfo")).Answered();
    }

    [Fact]
    public async Task A_clock_may_be_five_minutes_off()
    {
        await using var house = await House.StartAsync();
        var program = await CloudProgram.StartAsync(house);
        foreach (var seconds in (int[])[-290, 290])
            (await (program with { ClockOff = TimeSpan.FromSeconds(seconds) }).CallAsync("GetUserResourceInfo")).Answered();
        foreach (var seconds in (int[])[-310, 310, -86_400])
            (await (program with { ClockOff = TimeSpan.FromSeconds(seconds) }).CallAsync("GetUserResourceInfo")).Refused("AuthFailure.SignatureExpire");
        foreach (var (text, code) in (IEnumerable<(string, string)>)[("now", "InvalidParameterValue"), ("99999999999999999999", "InvalidParameterValue"), ("999999999999999", "InvalidParameterValue"), ("-5", "InvalidParameterValue")])
            (await (program with { Tamper = r => Replace(r, "X-TC-Timestamp", _ => text) }).CallAsync("GetUserResourceInfo")).Refused(code);
        (await (program with { Tamper = r => r.Headers.Remove("X-TC-Timestamp") }).CallAsync("GetUserResourceInfo")).Refused("MissingParameter");
    }

    [Fact]
    public async Task Unknown_actions_and_versions_and_nonsense_are_named()
    {
        await using var house = await House.StartAsync();
        var program = await CloudProgram.StartAsync(house);
        (await program.CallAsync("CreateProductResource")).Refused("InvalidAction");
        (await (program with { Version = "2017-03-12" }).CallAsync("GetUserResourceInfo")).Refused("NoSuchVersion");
        (await (program with { Tamper = r => r.Headers.Remove("X-TC-Version") }).CallAsync("GetUserResourceInfo")).Refused("MissingParameter");
        foreach (var nonsense in (string[])["{", "[]", "null", "\"x\"", "{\"Offset\":1,\"Offset\":2}", "{\"\\ud800\":1}", new('[', 1000)])
            (await program.CallAsync("DescribeDeviceResources", nonsense)).Refused("InvalidParameterValue.InvalidJSON");
        foreach (var wrong in (string[])["""{"Offset":0,"Limit":[]}""", """{"Offset":1.5,"Limit":1}""", """{"Offset":0,"Limit":1,"ProductID":7}""",
            """{"Offset":0,"Limit":1,"DeviceName":"\ud800"}""", """{"Offset":{},"Limit":true}""", """{"Offset":0,"Limit":1e400}"""])
            (await program.CallAsync("DescribeDeviceResources", wrong)).Refused("InvalidParameterValue");
        (await program.CallAsync("DescribeDeviceResources", """{"Offset":"0","Limit":"1","Unknown":{}}""")).Answered();
        (await program.CallAsync("GetUserResourceInfo", "")).Answered();
        (await program.CallAsync("GetUserResourceInfo", $$"""{"a":"{{new string('x', 1 << 20)}}"}""")).Refused("RequestSizeLimitExceeded");
        (await house.SendAsync("POST", "/", "{}")).Is(HttpStatusCode.MethodNotAllowed);
        (await house.SendAsync("GET", "/")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_signs_for_its_products_and_within_its_role()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        await house.DeviceAsync(Keyring.Other, "dev009");
        foreach (var product in (string[])[P, Keyring.Other])
            (await house.PutBytesAsync($"/api/v1/products/{product}/files/{product}/1", [1, 2, 3])).Is(HttpStatusCode.Created);
        await using (var device = await HubDevice.ConnectAsync(house.Server.MqttPort, "dev009", product: Keyring.Other))
            await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync("theirs", [1, 2, 3, 4]), [1, 2, 3, 4]);
        var reader = await CloudProgram.StartAsync(house, "reader", P);
        var list = (await reader.CallAsync("DescribeProductResources", new { Offset = 0, Limit = 10 })).Answered();
        Assert.Equal(("1", P), (list["Response.TotalCount"], list["Response.Result.0.Name"]));
        Assert.Equal("0", (await reader.CallAsync("DescribeDeviceResources", new { Offset = 0, Limit = 10 })).Answered()["Response.TotalCount"]);
        Assert.Equal("3", (await reader.CallAsync("GetUserResourceInfo")).Answered()["Response.UsedSize"]);
        (await reader.CallAsync("DescribeProductResources", new { Offset = 0, Limit = 10, ProductID = Keyring.Other })).Refused("ResourceNotFound.ProductNotExist");
        (await reader.CallAsync("DescribeDeviceResource", new { DeviceName = "dev009", ProductID = Keyring.Other })).Refused("ResourceNotFound.ProductNotExist");
        (await reader.CallAsync("DescribeDeviceResource", new { DeviceName = "dev009" })).Refused("ResourceNotFound.DeviceNotExist");
        (await reader.CallAsync("DescribeResourceTasks", new { ProductID = Keyring.Other, Name = Keyring.Other, Offset = 0, Limit = 10 })).Refused("ResourceNotFound.ProductNotExist");
        foreach (var action in (string[])["DeleteDeviceResource", "DownloadDeviceResource", "CreateTaskFileUrl"])
            (await reader.CallAsync(action, new { ProductID = P, DeviceName = "dev001", Name = "a" })).Refused("UnauthorizedOperation");
        var @operator = await CloudProgram.StartAsync(house, "operator");
        (await @operator.CallAsync("DownloadDeviceResource", new { ProductID = Keyring.Other, DeviceName = "dev009", Name = "theirs" })).Refused("UnauthorizedOperation");
        (await house.SendAsync("PATCH", "/api/v1/keys/operator", """{"content":true}""")).Is(HttpStatusCode.OK);
        (await @operator.CallAsync("DownloadDeviceResource", new { ProductID = Keyring.Other, DeviceName = "dev009", Name = "theirs" })).Answered();
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_ends_with_its_key_or_another()
    {
        await using var house = await House.StartAsync();
        var program = await CloudProgram.StartAsync(house);
        Assert.Equal(program.SecretId, (await house.SendAsync("GET", "/api/v1/keys/owner"))["tencentSecretId"]);
        Assert.DoesNotContain(program.SecretKey, (await house.SendAsync("GET", "/api/v1/keys/owner")).Text, StringComparison.Ordinal);
        await house.RestartAsync();
        program = program with { Endpoint = house.Server.Api };
        (await program.CallAsync("GetUserResourceInfo")).Answered();
        var next = (await house.SendAsync("POST", "/api/v1/keys/owner/tencent-secret")).Is(HttpStatusCode.OK);
        Assert.Equal(program.SecretId, next["secretId"]);
        (await program.CallAsync("GetUserResourceInfo")).Refused("AuthFailure.SignatureFailure");
        program = program with { SecretKey = next["secretKey"]! };
        foreach (var (body, code) in (IEnumerable<(string, string?)>)[("""{"disabled":true}""", "AuthFailure.SecretIdNotFound"), ("""{"disabled":false}""", null)])
        {
            (await house.SendAsync("PATCH", "/api/v1/keys/owner", body)).Is(HttpStatusCode.OK);
            Assert.Equal(code, (await program.CallAsync("GetUserResourceInfo"))["Response.Error.Code"]);
        }
        (await house.SendAsync("DELETE", "/api/v1/keys/owner/tencent-secret")).Is(HttpStatusCode.NoContent);
        (await program.CallAsync("GetUserResourceInfo")).Refused("AuthFailure.SecretIdNotFound");
        foreach (var method in (string[])["POST", "DELETE"])
            (await house.SendAsync(method, "/api/v1/keys/none/tencent-secret")).IsProblem(HttpStatusCode.NotFound, "key_not_found");
    }

    static void Replace(HttpRequestMessage request, string name, Func<string, string> change)
    {
        var before = request.Headers.NonValidated[name].ToString();
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, change(before));
    }
}
