using System.Net;
using System.Security.Cryptography;
using Waybill.Objects;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Quotas;

/// <summary>The rules when the bytes come: lowered since, or about what was not announced.</summary>
public sealed class UploadBytesStories
{
    const string Product = "/api/v1/products/ABCDE12345";
    const string Rules = Product + "/upload-rules";

    static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(100_000);

    [Theory]
    [InlineData("""{"maxSize":99999}""")]
    [InlineData("""{"maxBytes":99999}""")]
    [InlineData("""{"maxFiles":0}""")]
    public async Task A_rule_lowered_since_the_url_was_given_refuses_the_bytes_and_ends_the_upload(string rules)
    {
        await using var house = await StartAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", s_bytes);
        (await house.SendAsync("PUT", Rules, rules)).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, s_bytes));
        var ended = await house.SendAsync("GET", "/api/v1/transfers?state=rejected");
        Assert.Equal("a", ended["items.0.file.name"]);
        Assert.Contains("allowed", ended["items.0.reason"], StringComparison.Ordinal);
        NothingStored(house);
        (await house.SendAsync("DELETE", Rules)).Is(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Forbidden, await HubDevice.PutAsync(house.Devices, url, s_bytes));
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, await device.AskUploadAsync("a", s_bytes), s_bytes));
    }

    [Fact]
    public async Task What_was_uploaded_is_answered_again_whatever_the_rules_are_now()
    {
        await using var house = await StartAsync();
        await using var device = await HubDevice.ConnectAsync(house.Server.MqttPort);
        var url = await device.AskUploadAsync("a", s_bytes);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, s_bytes));
        (await house.SendAsync("PUT", Rules, """{"maxSize":1}""")).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, s_bytes));
    }

    [Theory]
    [InlineData("""{"maxSize":99999}""", false)]
    [InlineData("""{"maxSize":99999}""", true)]
    [InlineData("""{"maxBytes":99999}""", false)]
    [InlineData("""{"maxBytes":99999}""", true)]
    public async Task An_upload_of_unannounced_size_is_cut_where_the_rules_end(string rules, bool chunked)
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", Rules, rules)).Is(HttpStatusCode.OK);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync();
        var (url, _) = await device.RequestUrlAsync("a.wav", "AUDIO");
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(house, url, s_bytes, chunked));
        Assert.Equal("a.wav", (await house.SendAsync("GET", "/api/v1/transfers?state=rejected"))["items.0.file.name"]);
        NothingStored(house);
        (url, _) = await device.RequestUrlAsync("a.wav", "AUDIO");
        Assert.Equal(HttpStatusCode.OK, await PutAsync(house, url, s_bytes[..99_999], chunked));
        Assert.Equal(("1", "99999"), await UsageAsync(house));
    }

    [Fact]
    public async Task Of_two_bodies_that_fit_one_by_one_only_one_is_stored()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", Rules, """{"maxBytes":150000}""")).Is(HttpStatusCode.OK);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync();
        var bodies = new List<Task<HttpStatusCode>>();
        foreach (var name in (string[])["a", "b"])
        {
            var (url, _) = await device.RequestUrlAsync(name);
            bodies.Add(PutAsync(house, url, RandomNumberGenerator.GetBytes(100_000), chunked: true));
        }
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden], (await Task.WhenAll(bodies)).Order());
        Assert.Equal(("1", "100000"), await UsageAsync(house));
        Assert.Single(Objects(house));
    }

    [Fact]
    public async Task A_kind_of_file_that_is_not_allowed_gets_no_url()
    {
        await using var house = await StartAsync();
        (await house.SendAsync("PUT", Rules, """{"types":["AUDIO"]}""")).Is(HttpStatusCode.OK);
        await using var device = await ExplorerTalk.ConnectAsync(house.Server.MqttPort);
        await device.ReportVersionAsync();
        await device.SayAsync("""{"method":"request_url","request_id":"9","report":{"resource_name":"a.bin","version":"1","resource_type":"FILE"} }""");
        await device.ReportVersionAsync();
        Assert.False(device.HasHeard("request_url_resp"));
        Assert.Equal("type_not_allowed", (await house.SendAsync("GET", Product + "/devices/dev001"))["uploads.lastRefused.code"]);
        await device.RequestUrlAsync("a.wav", "AUDIO");
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync(("PublicUrl", "http://files.example.com"));
        await house.DeviceAsync();
        (await house.SendAsync("PUT", Product, """{"name":"Doorbell","dialects":["tencent-hub","tencent-explorer"]}""")).Is(HttpStatusCode.OK);
        return house;
    }

    static async Task<(string?, string?)> UsageAsync(House house)
    {
        var page = await house.SendAsync("GET", Product + "/devices/dev001");
        return (page["uploads.files"], page["uploads.bytes"]);
    }

    static async Task<HttpStatusCode> PutAsync(House house, string url, byte[] bytes, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(new Uri(url).AbsolutePath, UriKind.Relative)) { Content = new ByteArrayContent(bytes) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await house.Devices.SendAsync(request, House.Soon);
        return answer.StatusCode;
    }

    static void NothingStored(House house)
    {
        Assert.Empty(Objects(house));
        Assert.Empty(Directory.GetFiles(Path.Join(house.Directory, "incoming")));
    }

    static IReadOnlyList<Sha256Digest> Objects(House house) => [.. house.Get<DiskStore>().All()];
}
