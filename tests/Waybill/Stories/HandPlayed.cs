using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Stories;

/// <summary>A device that is nothing but the programs of mosquitto-clients and curl.</summary>
sealed class HandPlayed(House house, string version, string device = "dev001") : IDisposable
{
    const string Product = "ABCDE12345";

    readonly string _files = Directory.CreateTempSubdirectory("waybill-hand-").FullName;

    string Up => $"$resource/up/service/{Product}/{device}";

    string Down => $"$resource/down/service/{Product}/{device}";

    /// <summary>The device's one connection says something, hears the answer and hangs up.</summary>
    public async Task<JsonElement> AskAsync(string json)
    {
        // mosquitto_rr speaks nothing older than 3.1.1
        var spoken = version == "mqttv31" ? "mqttv311" : version;
        var (code, output) = await Tool.RunAsync("mosquitto_rr", [.. Login(spoken), "-q", "1", "-t", Up, "-e", Down, "-m", json, "-W", "20"]);
        Assert.Equal((0, 1), (code, output.Count(c => c == '\n')));
        return JsonElement.Parse(output);
    }

    public async Task SayAsync(string json, int qos = 1) =>
        Assert.Equal((0, ""), await Tool.RunAsync("mosquitto_pub", [.. Login(version), "-q", $"{qos}", "-t", Up, "-m", json]));

    /// <summary>Listens until one message has come.</summary>
    public async Task<JsonElement> ListenAsync()
    {
        var (code, output) = await Tool.RunAsync("mosquitto_sub", [.. Login(version), "-q", "1", "-t", Down, "-C", "1", "-W", "20"]);
        Assert.Equal(0, code);
        return JsonElement.Parse(output);
    }

    /// <summary>curl -i, at the address behind the name in the URL: head and body as they came.</summary>
    public async Task<(string Head, string Body)> CurlAsync(string url, params IEnumerable<string> more)
    {
        var (code, output) = await Tool.RunAsync("curl", [.. Command(url), .. more]);
        Assert.True(code == 0, $"curl {code}: {output}");
        var parts = output.Split("\n\n", 2);
        // curl asks before it sends a large body; the vendor's clients do not
        while (parts[0].StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
            parts = parts[1].Split("\n\n", 2);
        return (parts[0] + "\n", parts[1].TrimEnd('\n'));
    }

    public string[] Command(string url)
    {
        var name = new Uri(url);
        return ["-sS", "-i", "--max-time", "20", "--connect-to", $"{name.Host}:{name.Port}:127.0.0.1:{house.Server.Devices.Port}", url];
    }

    /// <summary>A file of these bytes for curl to send.</summary>
    public string File(byte[] bytes)
    {
        var path = Path.Join(_files, Guid.NewGuid().ToString("N"));
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(_files, recursive: true);

    string[] Login(string spoken)
    {
        var login = TencentLogin.Of(Product, device);
        return ["-h", "127.0.0.1", "-p", $"{house.Server.MqttPort}", "-V", spoken, "-i", login.ClientId, "-u", login.UserName, "-P", login.Password];
    }
}
