using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>Devices whose SDK proves itself by TLS-PSK and sends no password, played by mosquitto's clients, through the terminator.</summary>
public sealed class TlsPskStories
{
    const string Secret1 = "MDEyMzQ1Njc4OWFiY2RlZg==";
    const string Secret2 = "ZmVkY2JhOTg3NjU0MzIxMA==";
    const string Line1 = $"ABCDE12345,dev001,{Secret1}";
    const string Line2 = $"ABCDE12345,dev002,{Secret2}";

    [Theory]
    [InlineData("mqttv31", "PSK-AES128-CBC-SHA")]
    [InlineData("mqttv311", "PSK-AES128-CBC-SHA")]
    [InlineData("mqttv311", "PSK-AES256-CBC-SHA")]
    [InlineData("mqttv5", "PSK-AES256-CBC-SHA")]
    public async Task A_device_with_TLS_PSK_uploads(string version, string cipher)
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line1, Line2);
        byte[] bytes = [.. "hello"u8];

        var (code, answer) = await AskAsync(terminator, new() { Version = version, Cipher = cipher });
        Assert.True(code == 0, answer + terminator.Output);
        using var content = new ByteArrayContent(bytes);
        using var put = await house.Devices.PutAsync(new Uri(JsonElement.Parse(answer).GetProperty("url").GetString()!), content, House.Soon);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        var transfer = await house.SendAsync("GET", "/api/v1/transfers?product=ABCDE12345&device=dev001");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), transfer["items.0.file.sha256"]);
        Assert.DoesNotContain("refused", terminator.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_and_an_unknown_device_are_refused_alike()
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line1);
        var wrong = await AskAsync(terminator, new() { Key = Secret2 });
        await terminator.SaysAsync("ABCDE12345dev001: wrong key");
        var unknown = await AskAsync(terminator, new() { Identity = "ABCDE12345dev002", Key = Secret2 });
        await terminator.SaysAsync("ABCDE12345dev002: unknown device");
        // the client words one and the same alert by where it was when the alert came
        Assert.All([wrong, unknown], refused =>
        {
            Assert.NotEqual(0, refused.Code);
            Assert.Contains("A TLS error occurred", refused.Output, StringComparison.Ordinal);
        });
        await NothingCameAsync(house);
    }

    [Theory]
    [InlineData("ABCDE12345dev001", "client id is another device")]
    [InlineData("ABCDE12345dev002", "user name is another device")]
    public async Task A_device_with_its_own_key_is_no_other_device(string clientId, string reason)
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line1, Line2);
        var (code, _) = await AskAsync(terminator, new() { Identity = "ABCDE12345dev002", Key = Secret2, ClientId = clientId });
        Assert.NotEqual(0, code);
        await terminator.SaysAsync($"ABCDE12345dev002: {reason}");
        await NothingCameAsync(house);
    }

    [Fact]
    public async Task A_password_of_its_own_is_refused_and_no_secret_is_ever_written()
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line1);
        Assert.NotEqual(0, (await AskAsync(terminator, new(), "-P", "secret-password")).Code);
        await terminator.SaysAsync("needs a user name and no password");
        Assert.Equal(0, (await AskAsync(terminator, new())).Code);
        foreach (var secret in (string[])[Secret1, Hex(Secret1), "secret-password", "hmacsha256"])
            Assert.DoesNotContain(secret, terminator.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_expiry_still_counts()
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line1);
        // CONNACK 4
        Assert.Equal(4, (await AskAsync(terminator, new() { Expiry = 1_700_000_000 })).Code);
        Assert.DoesNotContain("refused", terminator.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_secrets_file_counts_at_once_and_a_broken_one_changes_nothing()
    {
        await using var house = await StartAsync();
        await using var terminator = await PskTerminator.StartAsync(house, Line2);
        Assert.NotEqual(0, (await AskAsync(terminator, new())).Code);
        await terminator.ReplaceAsync(house, "secrets read again: 1", Line1);
        Assert.Equal(0, (await AskAsync(terminator, new())).Code);
        await terminator.ReplaceAsync(house, "the former ones stay", Line2, "ABCDE12345,dev001,broken");
        Assert.Equal(0, (await AskAsync(terminator, new())).Code);
    }

    static async Task<House> StartAsync()
    {
        var house = await House.StartAsync();
        await house.DeviceAsync();
        (await house.SendAsync("PUT", "/api/v1/products/ABCDE12345/devices/dev002", $$"""{"secret":"{{Secret2}}"}""")).Is(HttpStatusCode.Created);
        return house;
    }

    static async Task NothingCameAsync(House house) =>
        Assert.Empty((await house.SendAsync("GET", "/api/v1/transfers")).Is(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray());

    /// <summary>Asks for an upload of dev001: mosquitto_rr's exit code and what it wrote.</summary>
    static async Task<(int Code, string Output)> AskAsync(PskTerminator terminator, Play play, params string[] more)
    {
        const string Ask = """{"type":"create_upload_task","size":5,"name":"a.txt","md5sum":"5d41402abc4b2a76b9719d911017c592"}""";
        using var device = Process.Start(new ProcessStartInfo("mosquitto_rr",
            ["-h", "127.0.0.1", "-p", $"{terminator.Port}", "-V", play.Version, "-i", play.ClientId, "-u", play.UserName, "-q", "1", "-W", "20",
             "--psk", Hex(play.Key), "--psk-identity", play.Identity, "--ciphers", play.Cipher, "--tls-version", "tlsv1.2",
             "-t", "$resource/up/service/ABCDE12345/dev001", "-e", "$resource/down/service/ABCDE12345/dev001", "-m", Ask, .. more])
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        try
        {
            var output = device.StandardOutput.ReadToEndAsync(House.Soon);
            var errors = device.StandardError.ReadToEndAsync(House.Soon);
            await device.WaitForExitAsync(House.Soon);
            return (device.ExitCode, await output + await errors);
        }
        finally
        {
            if (!device.HasExited)
                device.Kill();
        }
    }

    static string Hex(string secret) => Convert.ToHexStringLower(Convert.FromBase64String(secret));

    /// <summary>Who proves itself how, and who it says it is: dev001, all true, unless said otherwise.</summary>
    sealed record Play
    {
        public string Version { get; init; } = "mqttv311";

        public string Cipher { get; init; } = "PSK-AES128-CBC-SHA";

        public string Identity { get; init; } = "ABCDE12345dev001";

        public string Key { get; init; } = Secret1;

        public string ClientId { get; init; } = "ABCDE12345dev001";

        public long Expiry { get; init; } = 92233720368547758;

        // always dev001's: a client id of its own does not help another device
        public string UserName => string.Create(CultureInfo.InvariantCulture, $"ABCDE12345dev001;21010406;y3HZ3;{Expiry}");
    }
}
