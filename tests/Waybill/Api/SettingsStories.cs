using Microsoft.Extensions.Configuration;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class SettingsStories
{
    [Fact]
    public async Task Every_mistake_is_told_at_once_and_the_server_does_not_start()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using var server = ServerProcess.Start(directory, "serve",
            "--Waybill:Http:Prot=9000", "--Waybill:Mqtt:Port", "70000", "--Waybill:PublicUrl=ftp://x", "--Waybill:AdminKey=tooshort",
            "--Waybill:Listeners:a:Roles=devices,s3", "--Waybill:S3:SecretKey=tooshort", "--Waybill:Transfers:Deadline=soon", "--Waybill:Tls:Certificate=none.pem", "--Waybill:Objects:MaximumSize=-1");
        Assert.Equal(2, await server.ExitAsync());
        foreach (var mistake in (string[])
        [
            "Waybill:Http:Prot: there is no such setting; did you mean Waybill:Http:Port?",
            "Waybill:Mqtt:Port = '70000': must be a port",
            "Waybill:PublicUrl = 'ftp://x': must be an http or https URL",
            "Waybill:AdminKey = '(hidden)'",
            "Waybill:S3:AccessKey: is missing",
            "Waybill:S3:SecretKey = '(hidden)'",
            "Waybill:Listeners:a:Roles = 'devices,s3'",
            "Waybill:Listeners:a:Port: is missing",
            "Waybill:Transfers:Deadline = 'soon'",
            "Waybill:Tls:Key: is missing",
            "Waybill:Objects:MaximumSize = '-1'",
        ])
            Assert.Contains(mistake, server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tooshort", server.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(directory, "data")));
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("serve", "Waybill:Http:Port=1")]
    [InlineData("serve", "--port", "1")]
    [InlineData("serve", "--Waybill:Http:Port")]
    public async Task Words_that_are_no_settings_are_refused(params string[] arguments)
    {
        await using var server = ServerProcess.Start(Path.GetTempPath(), arguments);
        Assert.Equal(2, await server.ExitAsync());
        Assert.Contains(arguments[1], server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_starts_on_nothing_but_defaults_and_tells_no_secret()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(directory, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0", "--Logging:LogLevel:Waybill=Debug"))
        {
            var api = await server.ApiAsync();
            var keyFile = Path.Join(directory, "data", "admin-key");
            Assert.Contains(keyFile, server.Output, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));
            var key = (await File.ReadAllTextAsync(keyFile, House.Soon)).Trim();
            using var http = new HttpClient { BaseAddress = api };
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
            using var product = new StringContent("""{"dialects":["tencent-hub"]}""");
            Assert.True((await http.PutAsync(new Uri("/api/v1/products/ABCDE12345", UriKind.Relative), product, House.Soon)).IsSuccessStatusCode);
            using var device = new StringContent("{}");
            var made = await Reply.OfAsync(await http.PutAsync(new Uri("/api/v1/products/ABCDE12345/devices/d", UriKind.Relative), device, House.Soon));
            Assert.Equal(0, await server.StopAsync());
            Assert.DoesNotContain(key, server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(made["secret"]!, server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("error", server.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task The_start_warns_of_device_URLs_that_Tencent_devices_cannot_reach()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        await using (var server = ServerProcess.Start(directory, "serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:PublicUrl=http://files.example.com:8080", "--Waybill:Mqtt:Port=0"))
        {
            await server.ApiAsync();
            Assert.Equal(0, await server.StopAsync());
            Assert.Contains("http://files.example.com:8080 carries a port", server.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_says_so_and_ends()
    {
        var directory = Directory.CreateTempSubdirectory("waybill-test-").FullName;
        string[] arguments = ["serve", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0"];
        await using (var first = ServerProcess.Start(directory, arguments))
        {
            await first.ApiAsync();
            await using var second = ServerProcess.Start(directory, arguments);
            Assert.Equal(1, await second.ExitAsync());
            Assert.Contains("is in use by another Waybill", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Output, StringComparison.Ordinal);
        }
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Keys_of_parts_to_come_are_accepted() => Read(("Link:Lanes", "4"));

    [Fact]
    public void S3_has_a_port_of_its_own()
    {
        var settings = Read(("S3:Port", "9001"));
        Assert.Equal([ListenerRoles.Api | ListenerRoles.Devices, ListenerRoles.S3], settings.Listeners.Select(l => l.Roles));
        Assert.Equal(9001, settings.Listeners[1].Port);
    }

    [Theory]
    [InlineData("Listeners:a:Roles", "", "Roles: is missing")]
    [InlineData("Listeners:a:Roles", "web", "must be devices, api or devices,api; or s3, alone")]
    [InlineData("Listeners:a:Roles", "api,s3", "must be devices, api or devices,api; or s3, alone")]
    [InlineData("Listeners:a:Tls", "true", "Waybill:Tls:Certificate")]
    [InlineData("Listeners:a:Address", "here", "an IP address")]
    [InlineData("Database", "Server=;;=", "PostgreSQL")]
    [InlineData("PublicUrl", "http://user:pass@host", "an http or https URL")]
    [InlineData("PublicUrl", "http://host/?q", "an http or https URL")]
    [InlineData("Tls:Certificate", "none.pem", "Waybill:Tls:Key: is missing")]
    [InlineData("Data:Path", "x", "there is no such setting")]
    [InlineData("Objects:Grace", "-1", "a time")]
    public void A_mistake_names_its_key_and_what_is_allowed(string key, string value, string told)
    {
        var mistakes = Assert.Throws<SettingsException>(() => Read(("Listeners:a:Port", "0"), ("Listeners:a:Roles", "api"), (key, value))).Mistakes;
        Assert.Contains(mistakes, m => m.Contains(told, StringComparison.Ordinal));
    }

    static WaybillSettings Read(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            all[$"Waybill:{key}"] = value;
        if (!settings.Any(s => s.Key.StartsWith("Listeners", StringComparison.Ordinal)))
            all["Waybill:Http:Port"] = "0";
        return WaybillConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
