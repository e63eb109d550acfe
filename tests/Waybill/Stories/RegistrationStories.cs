using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Waybill.Dialects.TencentRegistration;
using Waybill.Mqtt;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Dynamic registration through the front door (tencent-registration): from the product's secret to a working device.</summary>
public sealed class RegistrationStories
{
    const string Product = "/api/v1/products/ABCDE12345";
    static readonly byte[] s_bytes = RandomNumberGenerator.GetBytes(5000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_with_nothing_but_its_products_secret_registers_connects_and_uploads(bool old)
    {
        await using var house = await StartAsync("auto-create");
        var fresh = new RegisteringDevice(house.Devices, "fresh-1");
        var secret = old ? fresh.Open((await fresh.AskOldAsync()).GetProperty("payload").GetString()!) : await fresh.RegisterAsync();
        await using var device = await ConnectAsync(house, "fresh-1", secret);
        await device.Mqtt.SubscribeAsync(device.Down, MqttQos.AtLeastOnce, House.Soon);
        var url = await device.AskUploadAsync("photo.jpg", s_bytes);
        Assert.Equal(HttpStatusCode.OK, await HubDevice.PutAsync(house.Devices, url, s_bytes));
        await device.ReportAsync("upload", "photo.jpg");
        var transfer = await house.SendAsync("GET", "/api/v1/transfers?product=ABCDE12345&device=fresh-1");
        Assert.Equal("ok", transfer["items.0.state"]);
        Assert.NotNull((await house.SendAsync("GET", Product + "/devices/fresh-1"))["registeredAt"]);
    }

    [Fact]
    public async Task By_hand_it_is_curl_and_openssl()
    {
        await using var house = await StartAsync("auto-create");
        using var hand = new HandPlayed(house, "mqttv311", "hand-1");
        const string body = """{"ProductId":"ABCDE12345","DeviceName":"hand-1"}""";
        const string script =
            """
            S=$1 B=$2 H=$(printf %s "$2" | openssl dgst -sha256 -hex | sed 's/.*= //')
            printf 'POST\ngateway.example.com\n/device/register\n\nHmacSha256\n1551\n5456\n%s' $H | openssl dgst -sha256 -hmac "$S" -binary | base64 -w0
            """;
        var (_, signature) = await Tool.RunAsync("sh", "-c", script, "sh", RegisteringDevice.UsualSecret, body);
        var (head, answer) = await hand.CurlAsync(
            "http://gateway.example.com/device/register", "-d", body, "-H", "Content-Type: application/json", "-H", "X-TC-Algorithm: HmacSha256",
            "-H", "X-TC-Timestamp: 1551", "-H", "X-TC-Nonce: 5456", "-H", "X-TC-Signature: " + signature.Trim());
        Assert.StartsWith("HTTP/1.1 200 OK\n", head, StringComparison.Ordinal);
        Assert.Contains($"\nContent-Length: {answer.Length}\n", head, StringComparison.Ordinal);
        Assert.Contains("\nConnection: close\n", head, StringComparison.Ordinal);
        var payload = JsonElement.Parse(answer).GetProperty("Response").GetProperty("Payload").GetString()!;
        const string open =
            """
            K=$(printf %.16s $1 | xxd -p) IV=30303030303030303030303030303030
            printf %s $2 | openssl enc -d -aes-128-cbc -a -A -nopad -K $K -iv $IV | tr -d '\000'
            """;
        var (_, plain) = await Tool.RunAsync("sh", "-c", open, "sh", RegisteringDevice.UsualSecret, payload);
        await using var device = await ConnectAsync(house, "hand-1", JsonElement.Parse(plain).GetProperty("psk").GetString()!);
    }

    [Fact]
    public async Task A_registration_repeated_gives_the_same_secret_until_the_device_has_signed_in()
    {
        await using var house = await StartAsync("allow-list");
        await house.DeviceAsync();
        await RuleAsync(house, """{"policy":"allow-list"}""");
        var device = new RegisteringDevice(house.Devices);
        Assert.Equal(TencentLogin.Secret, await device.RegisterAsync());
        Assert.Equal(TencentLogin.Secret, await device.RegisterAsync());
        await using (await HubDevice.ConnectAsync(house.Server.MqttPort))
            Assert.Equal("FailedOperation.DeviceAlreadyActivated", await device.RefusedAsync());
        await Eventually.IsAsync("it was seen", async () => (await house.SendAsync("GET", Product + "/devices/dev001"))["lastSeen"] is not null);
        Assert.Equal("FailedOperation.DeviceAlreadyActivated", await device.RefusedAsync());
        (await house.SendAsync("POST", Product + "/devices/dev001/registration:open")).Is(HttpStatusCode.OK);
        Assert.Equal(TencentLogin.Secret, await device.RegisterAsync());
    }

    [Fact]
    public async Task Strangers_learn_nothing_and_holders_of_the_secret_the_reason()
    {
        await using var house = await StartAsync("allow-list");
        var device = new RegisteringDevice(house.Devices);
        Assert.Equal("ResourceNotFound.DeviceNotExist", await device.RefusedAsync());
        Assert.Equal(1010, (await (device with { ProductSecret = "a-secret-of-others" }).AskOldAsync()).GetProperty("code").GetInt32());
        await RuleAsync(house, """{"policy":"off"}""");
        Assert.Equal("UnsupportedOperation", await device.RefusedAsync());
        Assert.Equal("AuthFailure.SignatureFailure", await (device with { ProductSecret = "a-secret-of-others" }).RefusedAsync());
        (await house.SendAsync("DELETE", Product)).Is(HttpStatusCode.NoContent);
        Assert.Equal("AuthFailure.SignatureFailure", await device.RefusedAsync());
        var metrics = await house.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), House.Soon);
        Assert.Contains("waybill_registration_refused_total{reason=\"signature_wrong\"} 3", metrics, StringComparison.Ordinal);
        Assert.Contains("waybill_registration_refused_total{reason=\"registration_off\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_device_or_product_registers_nobody()
    {
        await using var house = await StartAsync("auto-create");
        var device = new RegisteringDevice(house.Devices);
        await device.RegisterAsync();
        (await house.SendAsync("PATCH", Product + "/devices/dev001", """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("FailedOperation.DeviceIsDisabled", await device.RefusedAsync());
        (await house.SendAsync("PATCH", Product, """{"disabled":true}""")).Is(HttpStatusCode.OK);
        Assert.Equal("FailedOperation.DeviceIsDisabled", await (device with { Name = "dev002" }).RefusedAsync());
        (await house.SendAsync("GET", Product + "/devices/dev002")).IsProblem(HttpStatusCode.NotFound, "device_not_found");
    }

    [Fact]
    public async Task No_more_devices_make_themselves_than_the_limit_allows_however_many_ask_at_once()
    {
        await using var house = await StartAsync("auto-create");
        await RuleAsync(house, """{"policy":"auto-create","limit":3}""");
        var asked = Enumerable.Range(0, 12).Select(i => new RegisteringDevice(house.Devices, $"dev{i % 6}").AskAsync()).ToList();
        var answers = (await Task.WhenAll(asked)).Select(a => a.ToString()).ToList();
        var product = await house.SendAsync("GET", Product);
        Assert.Equal("3", product["registration.made"]);
        var listed = (await house.SendAsync("GET", Product + "/devices")).Json.GetProperty("items");
        var names = listed.EnumerateArray().Select(d => d.GetProperty("device").GetString()!).ToList();
        Assert.Equal(3, names.Count);
        Assert.Equal(6, answers.Count(a => a.Contains("LimitExceeded", StringComparison.Ordinal)));
        Assert.Equal("LimitExceeded", await new RegisteringDevice(house.Devices, "one-more").RefusedAsync());
        await new RegisteringDevice(house.Devices, names[0]).RegisterAsync();
        (await house.SendAsync("DELETE", $"{Product}/devices/{names[0]}")).Is(HttpStatusCode.NoContent);
        await new RegisteringDevice(house.Devices, "one-more").RegisterAsync();
        Assert.Equal("LimitExceeded", await new RegisteringDevice(house.Devices, names[0]).RefusedAsync());
    }

    [Fact]
    public async Task A_new_product_secret_replaces_the_old_one_at_once_or_after_the_overlap()
    {
        await using var house = await StartAsync("auto-create");
        var old = new RegisteringDevice(house.Devices);
        var made = (await house.SendAsync("POST", Product + "/registration-secret", """{"overlapSeconds":3600}""")).Is(HttpStatusCode.OK)["secret"]!;
        var secret = await old.RegisterAsync();
        Assert.Equal(secret, await (old with { ProductSecret = made }).RegisterAsync());
        (await house.SendAsync("POST", Product + "/registration-secret", """{"secret":"a-third-secret-0123456789"}""")).Is(HttpStatusCode.OK);
        Assert.Equal("AuthFailure.SignatureFailure", await old.RefusedAsync());
        Assert.Equal("AuthFailure.SignatureFailure", await (old with { ProductSecret = made }).RefusedAsync());
        Assert.Equal(secret, await (old with { ProductSecret = "a-third-secret-0123456789" }).RegisterAsync());
    }

    [Fact]
    public async Task Product_secrets_cannot_be_tried_out()
    {
        await using var house = await StartAsync("auto-create");
        var device = new RegisteringDevice(house.Devices);
        var refusals = new List<string>();
        for (var i = 0; i < RegistrationLimits.WrongAtOnce + 10; i++)
            refusals.Add(await (device with { ProductSecret = $"guess-{i:D10}" }).RefusedAsync());
        Assert.Equal(RegistrationLimits.WrongAtOnce, refusals.TakeWhile(r => r == "AuthFailure.SignatureFailure").Count());
        Assert.Equal("RequestLimitExceeded", refusals[RegistrationLimits.WrongAtOnce]);
    }

    [Theory]
    [InlineData("/register/dev", "{}")]
    [InlineData("/register/dev", "nonsense")]
    [InlineData("/device/register", """{"ProductId":"../../etc","DeviceName":"dev001"}""")]
    [InlineData("/device/register", """{"ProductId":"ABCDE12345","DeviceName":"dev\n001"}""")]
    public async Task Nonsense_is_answered_in_the_form_it_came(string path, string body)
    {
        await using var house = await StartAsync("auto-create");
        using var content = new StringContent(body);
        content.Headers.Add("X-TC-Algorithm", "hmacsha1");
        foreach (var header in (string[])["Timestamp", "Nonce", "Signature"])
            content.Headers.Add("X-TC-" + header, "1");
        var json = (await Reply.OfAsync(await house.Devices.PostAsync(new Uri(path, UriKind.Relative), content, House.Soon))).Is(HttpStatusCode.OK);
        Assert.Equal(path == "/register/dev" ? "1001" : "InvalidParameterValue", json["code"] ?? json["Response.Error.Code"]);
        using var endless = new ByteArrayContent(new byte[100_000]);
        Assert.NotNull((await Reply.OfAsync(await house.Devices.PostAsync(new Uri("/register/dev", UriKind.Relative), endless, House.Soon)))["code"]);
    }

    [Fact]
    public async Task Only_listeners_for_devices_register()
    {
        await using var house = await House.StartAsync(
            ("Listeners:public:Roles", "devices"), ("Listeners:public:Port", "0"), ("Listeners:public:Address", "127.0.0.1"),
            ("Listeners:inside:Roles", "api"), ("Listeners:inside:Port", "0"), ("Listeners:inside:Address", "127.0.0.1"));
        foreach (var path in (string[])["/register/dev", "/device/register"])
        {
            Assert.Equal(HttpStatusCode.OK, (await house.Devices.PostAsync(new Uri(path, UriKind.Relative), null, House.Soon)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await house.Api.PostAsync(new Uri(path, UriKind.Relative), null, House.Soon)).StatusCode);
        }
    }

    [Fact]
    public async Task The_log_tells_of_every_registration_and_quotes_no_secret()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-");
        await using (var server = ServerProcess.Start(
            directory.FullName, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0", "--Waybill:AdminKey=" + House.AdminKey))
        {
            using var http = new HttpClient { BaseAddress = await server.ApiAsync() };
            http.DefaultRequestHeaders.Authorization = new("Bearer", House.AdminKey);
            using var product = new StringContent("""{"dialects":["tencent-hub"],"registration":{"policy":"auto-create"}}""");
            (await http.PutAsync(new Uri(Product, UriKind.Relative), product, House.Soon)).EnsureSuccessStatusCode();
            var made = await Reply.OfAsync(await http.PostAsync(new Uri(Product + "/registration-secret", UriKind.Relative), null, House.Soon));
            var device = new RegisteringDevice(http, ProductSecret: made["secret"]!);
            var secret = await device.RegisterAsync();
            await (device with { ProductSecret = "a-secret-of-others" }).RefusedAsync();
            await Eventually.IsAsync("both are logged", () => server.Output.Contains("not signed with its secret", StringComparison.Ordinal));
            Assert.Contains("ABCDE12345/dev001 from", server.Output, StringComparison.Ordinal);
            Assert.Contains("was made, and given its secret", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(made["secret"]!, server.Output, StringComparison.Ordinal);
            Assert.Equal(0, await server.StopAsync());
        }
        directory.Delete(recursive: true);
    }

    static async Task<House> StartAsync(string policy)
    {
        var house = await House.StartAsync();
        (await house.SendAsync("PUT", Product, $$"""{"dialects":["tencent-hub"],"registration":{"policy":"{{policy}}"} }""")).Is(HttpStatusCode.Created);
        (await house.SendAsync("POST", Product + "/registration-secret", $$"""{"secret":"{{RegisteringDevice.UsualSecret}}"}""")).Is(HttpStatusCode.OK);
        return house;
    }

    static async Task RuleAsync(House house, string rule) =>
        (await house.SendAsync("PATCH", Product, string.Create(CultureInfo.InvariantCulture, $$"""{"registration":{{rule}} }"""))).Is(HttpStatusCode.OK);

    static Task<HubDevice> ConnectAsync(House house, string name, string secret) =>
        HubDevice.DialAsync(house.Server.MqttPort, TencentLogin.Of("ABCDE12345", name, secret).Connect(MqttVersion.V311), name: name);
}
