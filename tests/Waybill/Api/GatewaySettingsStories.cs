using System.Net;
using Waybill.Data;
using Waybill.Devices;
using Waybill.Devices.Gateways;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class GatewaySettingsStories
{
    const string Docks = "/api/v1/products/docks";

    const string Full =
        """
        {"name":"Docks","dialects":["dji"],
         "dji":{"mode":"owner","appId":"123456","appKey":"hush-app-key","appLicense":"hush-license","ntpHost":"ntp.example.com","ntpPort":1123,"storage":{"bucket":"flights"}},
         "login":{"user":"pilots","password":"hush-password"}}
        """;

    [Fact]
    public async Task Settings_are_put_changed_and_taken_away_and_secrets_never_come_back()
    {
        await using var house = await House.StartAsync();
        List<Reply> replies =
        [
            (await house.SendAsync("PUT", Docks, Full)).Is(HttpStatusCode.Created),
            (await house.SendAsync("GET", Docks)).Is(HttpStatusCode.OK),
            (await house.SendAsync("GET", "/api/v1/products")).Is(HttpStatusCode.OK),
        ];
        Assert.Equal("True", replies[1]["dji.appKeySet"]);
        Assert.Equal("123456", replies[1]["dji.appId"]);
        Assert.Equal("flights", replies[1]["dji.storage.bucket"]);
        Assert.Equal("pilots", replies[1]["login.user"]);
        Assert.Equal(("hush-app-key", "hush-license", 1123), Licence(await SettingsAsync(house)));

        var patched = (await house.SendAsync("PATCH", Docks, """{"dji":{"mode":"beside","ntpPort":0,"storage":{"bucket":""}}}""")).Is(HttpStatusCode.OK);
        Assert.Equal("beside", patched["dji.mode"]);
        Assert.Equal("ntp.example.com", patched["dji.ntpHost"]);
        Assert.Null(patched["dji.storage.bucket"]);
        Assert.Equal(("hush-app-key", "hush-license", null), Licence(await SettingsAsync(house)));
        replies.Add(patched);
        var emptied = (await house.SendAsync("PATCH", Docks, """{"dji":{"appKey":""},"login":{"user":""}}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("False", "True"), (emptied["dji.appKeySet"], emptied["dji.appLicenseSet"]));
        Assert.Null(emptied["login"]);
        replies.Add(emptied);

        var put = (await house.SendAsync("PUT", Docks, """{"dialects":["dji"],"dji":{"appId":"7"}}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("7", "owner", "True"), (put["dji.appId"], put["dji.mode"], put["dji.appLicenseSet"]));
        Assert.Null(put["dji.ntpHost"]);
        replies.Add(put);
        var bare = (await house.SendAsync("PUT", Docks, """{"dialects":["dji"]}""")).Is(HttpStatusCode.OK);
        Assert.Equal("False", bare["dji.appLicenseSet"]);
        replies.Add(bare);
        Assert.All(replies, r => Assert.DoesNotContain("hush", r.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_at_rest_shows_no_secret()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, Full)).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"{Docks}/organizations/north", """{"name":"North","bindingCode":"hush-code"}""")).Is(HttpStatusCode.Created);
        await using var db = await house.Get<Database>().ReadAsync(House.Soon);
        var kept = await db.ListAsync<string>(
            "select dji_app_key from products union all select dji_app_license from products union all select binding_code from organizations");
        Assert.Equal(3, kept.Count);
        Assert.All(kept, k => Assert.DoesNotContain("hush", k, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", $"{await SettingsAsync(house)} {new GatewayChange { AppKey = "hush" }} {new LoginChange("u", "hush")}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_log_tells_a_secret()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(
            directory, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0",
            "--Waybill:AdminKey=" + House.AdminKey, "--Logging:LogLevel:Default=Trace"))
        {
            using var http = new HttpClient { BaseAddress = await server.ApiAsync() };
            http.DefaultRequestHeaders.Authorization = new("Bearer", House.AdminKey);
            foreach (var (path, body) in (IEnumerable<(string, string)>)[
                (Docks, Full),
                (Docks, Full.Replace("pilots", "hush user", StringComparison.Ordinal)),
                ($"{Docks}/organizations/north", """{"name":"North","bindingCode":"hush-code"}"""),
                ($"{Docks}/devices/SN1", """{"secret":"hush-secret"}""")])
            {
                using var content = new StringContent(body);
                var reply = await Reply.OfAsync(await http.PutAsync(new Uri(path, UriKind.Relative), content, House.Soon));
                Assert.DoesNotContain("hush", reply.Text, StringComparison.Ordinal);
            }
            Assert.Equal(0, await server.StopAsync());
            Assert.Contains("Listening on http", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("hush", server.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("""{"dialects":["tencent-hub"],"dji":{"appId":"1"},"login":{"user":"u","password":"p"}}""", "ABCDE12345", "dji", "login")]
    [InlineData("""{"dialects":["dji"],"dji":{"mode":"guest","ntpHost":"no host","ntpPort":70000}}""", "docks", "dji.mode", "dji.ntpHost", "dji.ntpPort")]
    [InlineData("""{"dialects":["dji"],"dji":{"storage":{"issuer":"elsewhere"}}}""", "docks", "dji.storage.issuer")]
    [InlineData("""{"dialects":["dji"],"dji":{"storage":{"bucket":"UP"}},"login":{"user":"a b","password":""}}""", "docks", "dji.storage.bucket", "login.password", "login.user")]
    [InlineData("""{"dialects":["dji"],"dji":{"key":"x"}}""", "docks", "dji.key")]
    public async Task Wrong_settings_are_refused(string body, string product, params string[] fields)
    {
        await using var house = await House.StartAsync();
        var refused = (await house.SendAsync("PUT", $"/api/v1/products/{product}", body)).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(fields, refused.Wrong.Order(StringComparer.Ordinal));
        (await house.SendAsync("GET", $"/api/v1/products/{product}")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_product_of_another_dialect_gets_no_settings_for_docks()
    {
        await using var house = await House.StartAsync();
        await house.DeviceAsync();
        var refused = (await house.SendAsync("PATCH", "/api/v1/products/ABCDE12345", """{"dji":{"appId":"1"}}""")).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Contains("with the dialect dji", refused.Text, StringComparison.Ordinal);
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345/organizations/north", """{"name":"North"}""")).IsProblem(HttpStatusCode.BadRequest, "invalid");
        Assert.Null((await house.SendAsync("GET", "/api/v1/products/ABCDE12345"))["dji"]);
    }

    [Fact]
    public async Task Names_with_which_other_topics_begin_are_no_products()
    {
        await using var house = await House.StartAsync();
        foreach (var name in (string[])["thing", "sys", "waybill"])
            (await house.SendAsync("PUT", $"/api/v1/products/{name}", """{"dialects":["dji"]}""")).IsProblem(HttpStatusCode.BadRequest, "name_reserved");
        (await house.SendAsync("PUT", "/api/v1/products/things", """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_login_is_unique_and_no_serial_number()
    {
        await using var house = await House.StartAsync();
        (await house.SendAsync("PUT", Docks, Full)).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/other", """{"dialects":["dji"],"login":{"user":"pilots","password":"x"}}""")).IsProblem(HttpStatusCode.Conflict, "user_taken");
        (await house.SendAsync("PUT", "/api/v1/products/other", """{"dialects":["dji"],"login":{"user":"others"}}""")).IsProblem(HttpStatusCode.BadRequest, "login_incomplete");
        (await house.SendAsync("PUT", "/api/v1/products/other", """{"dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", "/api/v1/products/other/devices/pilots", "{}")).IsProblem(HttpStatusCode.Conflict, "sn_taken");
        (await house.SendAsync("PUT", $"{Docks}/devices/4TAD1", "{}")).Is(HttpStatusCode.Created);
        (await house.SendAsync("PATCH", "/api/v1/products/other", """{"login":{"user":"4TAD1","password":"x"}}""")).IsProblem(HttpStatusCode.Conflict, "user_taken");
        Assert.Equal("crew", (await house.SendAsync("PATCH", Docks, """{"login":{"user":"crew"}}""")).Is(HttpStatusCode.OK)["login.user"]);
        Assert.NotNull(await house.Get<DeviceLogin>().AdmitProductAsync("crew", "hush-password"u8.ToArray(), House.Soon));
    }

    static (string?, string?, int?) Licence(GatewaySettings settings) => (settings.AppKey, settings.AppLicense, settings.NtpPort);

    static async Task<GatewaySettings> SettingsAsync(House house)
    {
        var product = await house.Get<ProductRegistry>().GetAsync("docks", House.Soon);
        await using var db = await house.Get<Database>().ReadAsync(House.Soon);
        return (await house.Get<GatewayBook>().LoadAsync(db, product.Id, []))!.Settings;
    }
}
