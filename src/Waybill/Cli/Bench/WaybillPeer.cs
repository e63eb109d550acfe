using System.Diagnostics;
using System.Security.Cryptography;
using Waybill.Cli.Simulate;
using Waybill.Device;
using Waybill.Mqtt;
using Waybill.Mqtt.Codec;

namespace Waybill.Cli.Bench;

/// <summary><c>waybill serve</c> of this same executable with default settings, on free ports and fresh data.</summary>
sealed class WaybillPeer : BenchPeer
{
    static readonly string Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    Task _reading = Task.CompletedTask;

    WaybillPeer(ProcessStartInfo start, string directory, string key)
        : base(start, directory) => Key = key;

    /// <summary>The admin key.</summary>
    public string Key { get; }

    public Uri Api { get; private set; } = null!;

    public static async Task<WaybillPeer> StartAsync(BenchPlan plan, CancellationToken ct)
    {
        var (directory, key) = (NewDirectory(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var peer = new WaybillPeer(Start(directory, key), directory, key);
        try
        {
            using var api = new ApiClient(peer.Api = await peer.ListeningAsync(ct), key);
            await api.PutProductAsync(BenchPlan.Product, "Measured", ["tencent-hub", "tencent-explorer"], ct);
            await api.ImportDevicesAsync(BenchPlan.Product, Enumerable.Range(0, plan.Devices).Select(BenchPlan.Device), Secret, ct);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public static MqttConnect Connect(string device) => new TencentIdentity(BenchPlan.Product, device, Secret).NewConnect(MqttVersion.V311, 600);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _reading;
    }

    static ProcessStartInfo Start(string directory, string key)
    {
        var executable = Environment.ProcessPath!;
        var start = new ProcessStartInfo(executable);
        if (Path.GetFileNameWithoutExtension(executable) == "dotnet")
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        start.ArgumentList.Add("serve");
        // nobody's own settings, and above all nobody's own database
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("Waybill__", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment["Waybill__Data"] = Path.Combine(directory, "data");
        start.Environment["Waybill__AdminKey"] = key;
        start.Environment["Waybill__Http__Port"] = "0";
        start.Environment["Waybill__Http__TryPort80"] = "false";
        start.Environment["Waybill__S3__Port"] = "0";
        start.Environment["Waybill__Mqtt__Port"] = "0";
        return start;
    }

    /// <summary>Reads where it listens from what it says at start, and goes on reading so that it can go on saying.</summary>
    async Task<Uri> ListeningAsync(CancellationToken ct)
    {
        var said = new List<string>();
        Uri? api = null;
        while (api is null || Port == 0)
        {
            var line = await Output.ReadLineAsync(ct) ?? throw new InvalidOperationException($"the server did not start: {string.Join('\n', said)}");
            said.Add(line);
            // S3 listens elsewhere
            if (line.Contains("Api", StringComparison.Ordinal) && PortIn(line, "Listening on http://", "]:") is { } http)
                api = new($"http://127.0.0.1:{http}");
            if (PortIn(line, "Listening for MQTT on port ", "") is { } mqtt)
                Port = mqtt;
        }
        _reading = Output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return api;
    }

    static int? PortIn(string line, string said, string before)
    {
        var at = line.IndexOf(said, StringComparison.Ordinal);
        if (at < 0 || (at = line.IndexOf(before, at + said.Length, StringComparison.Ordinal)) < 0)
            return null;
        var digits = new string([.. line.Skip(at + before.Length).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var port) ? port : null;
    }
}
