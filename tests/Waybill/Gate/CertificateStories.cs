using System.Net;
using System.Security.Authentication;
using Waybill.Link;
using Waybill.Mqtt;
using Waybill.Mqtt.Client;
using Waybill.Mqtt.Codec;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.Gate;

/// <summary>A device's certificate instead of its password; mosquitto's programs are the devices.</summary>
public sealed class CertificateStories
{
    const string Own = "ABCDE12345/dev001/data";
    const string Device = "/api/v1/products/ABCDE12345/devices/dev001";

    [Theory]
    [InlineData("tlsv1.2", "mqttv311")]
    [InlineData("tlsv1.3", "mqttv311")]
    [InlineData("tlsv1.3", "mqttv5")]
    public async Task A_certificate_is_its_device_and_no_other_until_it_is_disabled(string tls, string version)
    {
        var directory = Directory.CreateTempSubdirectory("waybill-openssl-");
        var (authority, pair) = await Authority.ByHandAsync(directory);
        await using (var house = await CertificateHouse.StartAsync(authority))
        {
            string[] spoken = ["--tls-version", tls, "-V", version];
            Assert.Equal(0, (await house.PublishAsync(pair, Own, spoken)).Code);
            await using var device = house.Subscribe(pair, Own, [.. spoken, "-t", "ABCDE12345/dev002/data"]);
            // the second is refused
            await device.SaysAsync($"Subscribed (mid: 1): 1, {(version == "mqttv5" ? 135 : 128)}");
            Assert.Equal("True", (await house.House.SendAsync("GET", Device))["presence.connected"]);
            Assert.Equal(["topic_not_allowed"], await house.RefusalsAsync("?product=ABCDE12345&device=dev001"));
            (await house.House.SendAsync("PATCH", Device, """{"disabled":true}""")).Is(HttpStatusCode.OK);
            await Eventually.IsAsync("it was cut", () => house.House.Get<DeviceConnections>().Count == 0);
            Assert.Equal(version == "mqttv5" ? 135 : 5, (await house.PublishAsync(pair, Own, spoken)).Code);
            Assert.Equal("device_disabled", (await house.RefusalsAsync("?product=ABCDE12345&device=dev001"))[0]);
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task What_stands_between_the_device_and_the_authority_may_come_with_the_device()
    {
        using var root = new Authority();
        using var between = new Authority("Factory", root);
        await using var house = await CertificateHouse.StartAsync(root.File);
        Assert.Equal(0, (await house.PublishAsync(between.Issue("ABCDE12345/dev001"), Own)).Code);
        Assert.Equal(0, (await house.PublishAsync(root.Issue("ABCDE12345/dev001", forClients: true), Own)).Code);
    }

    [Theory]
    [InlineData("certificate_expired", "ABCDE12345/dev001", -1)]
    [InlineData("certificate_misnamed", "dev001")]
    [InlineData("certificate_misnamed", "O=ABCDE12345/dev001")]
    [InlineData("certificate_misnamed", "CN=ABCDE12345/dev001,CN=ABCDE12345/dev002")]
    [InlineData("device_unknown", "ABCDE12345/dev009", 10, 4, 134)]
    [InlineData("device_unknown", "ABCDE12346/dev001", 10, 4, 134)]
    public async Task One_that_does_not_hold_is_refused_in_CONNACK(string reason, string name, double days = 10, int before5 = 5, int in5 = 135)
    {
        using var authority = new Authority();
        await using var house = await CertificateHouse.StartAsync(authority.File);
        var pair = authority.Issue(name, days);
        Assert.Equal(before5, (await house.PublishAsync(pair, Own, "-V", "mqttv311", "--tls-version", "tlsv1.2")).Code);
        Assert.Equal(before5, (await house.PublishAsync(pair, Own, "-V", "mqttv311", "--tls-version", "tlsv1.3")).Code);
        Assert.Equal(in5, (await house.PublishAsync(pair, Own, "-V", "mqttv5")).Code);
        Assert.Equal([reason, reason, reason], await house.RefusalsAsync());
        if (name.Count(c => c == '/') == 1 && !name.Contains('=', StringComparison.Ordinal))
            Assert.Equal(3, (await house.RefusalsAsync($"?product={name.Split('/')[0]}&device={name.Split('/')[1]}")).Count);
    }

    [Fact]
    public async Task One_of_another_authority_or_for_another_purpose_is_refused()
    {
        using var authority = new Authority();
        using var foreign = new Authority();
        await using var house = await CertificateHouse.StartAsync(authority.File);
        Assert.Equal(5, (await house.PublishAsync(foreign.Issue("ABCDE12345/dev001"), Own, "-V", "mqttv311")).Code);
        Assert.Equal(135, (await house.PublishAsync(authority.Issue("ABCDE12345/dev001", forClients: false), Own, "-V", "mqttv5")).Code);
        Assert.Equal(["certificate_purpose", "certificate_untrusted"], await house.RefusalsAsync());
    }

    [Fact]
    public async Task What_CONNECT_says_must_not_be_another_device()
    {
        using var authority = new Authority();
        await using var house = await CertificateHouse.StartAsync(authority.File);
        (await house.House.SendAsync("PUT", "/api/v1/products/docks", """{"name":"Docks","dialects":["dji"]}""")).Is(HttpStatusCode.Created);
        (await house.House.SendAsync("PUT", "/api/v1/products/docks/devices/SN1", """{"secret":"dock-secret-0123456789"}""")).Is(HttpStatusCode.Created);
        var app = await AppLogin.MakeAsync(house.House.Api);
        var pair = authority.Issue("ABCDE12345/dev001");
        var other = TencentLogin.Of("ABCDE12345", "dev002");
        Assert.Equal(5, (await house.PublishAsync(pair, Own, "-u", other.UserName, "-P", other.Password)).Code);
        Assert.Equal(5, (await house.PublishAsync(pair, Own, "-u", "ABCDE12345/dev002")).Code);
        Assert.Equal(5, (await house.PublishAsync(pair, Own, "-u", "SN1", "-P", "dock-secret-0123456789")).Code);
        Assert.Equal(2, (await house.PublishAsync(pair, Own, "-i", other.ClientId)).Code);
        Assert.Equal(["client_id_taken"], await house.RefusalsAsync($"?client={other.ClientId}"));
        Assert.Equal(3, (await house.RefusalsAsync()).Count(r => r == "certificate_mismatch"));
        // its own, as a device of the vendor's certificate products says them
        var own = TencentLogin.Of("ABCDE12345", "dev001");
        Assert.Equal(0, (await house.PublishAsync(pair, Own, "-i", own.ClientId, "-u", own.UserName)).Code);
        // an account's password opens nothing beside it
        await house.PublishAsync(pair, "t", "-V", "mqttv5", "-u", app.Name, "-P", app.Password);
        Assert.Equal("topic_not_allowed", (await house.RefusalsAsync())[0]);
    }

    [Fact]
    public async Task Without_a_certificate_a_password_still_opens()
    {
        using var authority = new Authority();
        await using var house = await CertificateHouse.StartAsync(authority.File);
        await using var device = await DialAsync(house, null, SslProtocols.Tls13, TencentLogin.Of("ABCDE12345", "dev001").Connect(MqttVersion.V311));
        await device.SubscribeAsync(Own, MqttQos.AtLeastOnce, House.Soon);
        await Assert.ThrowsAsync<MqttException>(() => DialAsync(house, null, SslProtocols.Tls13, new MqttConnect { ClientId = "x" }));
        Assert.Equal(["credentials_missing"], await house.RefusalsAsync());
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Other_authorities_count_from_the_next_connection_on(SslProtocols tls)
    {
        using var before = new Authority();
        using var after = new Authority("Later");
        await using var house = await CertificateHouse.StartAsync(before.File);
        using var old = before.Issue("ABCDE12345/dev001").Load();
        using var latest = after.Issue("ABCDE12345/dev002").Load();
        var connect = new MqttConnect { Version = MqttVersion.V50 };
        await using (await DialAsync(house, old, tls, connect))
        await using (await DialAsync(house, old, tls, connect))
            Assert.Equal(1, house.House.Get<DeviceConnections>().Count);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Assert.ThrowsAsync<MqttException>(() => DialAsync(house, latest, tls, connect))).Reason);
        // written, not copied: a copy has the times of its source, which may be those of the one before
        await File.WriteAllBytesAsync(before.File, await File.ReadAllBytesAsync(after.File, House.Soon), House.Soon);
        await using var second = await DialAsync(house, latest, tls, connect);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Assert.ThrowsAsync<MqttException>(() => DialAsync(house, old, tls, connect))).Reason);
        await File.WriteAllTextAsync(before.File, "none", House.Soon);
        await using var third = await DialAsync(house, latest, tls, connect);
        Assert.Equal(["certificate_untrusted", "certificate_untrusted"], await house.RefusalsAsync());
    }

    [Fact]
    public async Task No_session_of_TLS_can_be_resumed()
    {
        using var authority = new Authority();
        await using var house = await CertificateHouse.StartAsync(authority.File);
        var pair = authority.Issue("ABCDE12345/dev001");
        var session = pair.Certificate + ".session";
        var (_, output) = await Tool.RunAsync(
            "openssl", "s_client", "-connect", $"127.0.0.1:{house.House.Server.MqttTlsPort}", "-tls1_2", "-cert", pair.Certificate, "-key", pair.Key, "-sess_out", session);
        Assert.Contains("New, TLSv1.2", output, StringComparison.Ordinal);
        // there was none to write down
        Assert.False(File.Exists(session));
    }

    static Task<MqttClient> DialAsync(CertificateHouse house, System.Security.Cryptography.X509Certificates.X509Certificate2? certificate, SslProtocols tls, MqttConnect connect) =>
        MqttClient.ConnectAsync(
            new()
            {
                Host = "127.0.0.1",
                Port = house.House.Server.MqttTlsPort,
                Connect = connect,
                Tls = new()
                {
                    EnabledSslProtocols = tls,
                    ClientCertificates = certificate is null ? null : [certificate],
                    // the test looks at what the server makes of it
                    RemoteCertificateValidationCallback = (_, served, _, _) => served is not null,
                },
            },
            House.Soon);
}
