using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using Waybill.Protocols.TencentHub;

namespace Waybill.Cli.Simulate;

/// <summary>The options of <c>waybill simulate</c> and the plan they make.</summary>
sealed class SimulateOptions
{
    public Option<string> Server { get; } = new("--server") { Description = "MQTT: host[:port]", DefaultValueFactory = _ => "localhost:1883" };

    public Option<Uri?> Api { get; } = new("--api") { Description = "REST API; 'none' runs without it, and believes the devices", CustomParser = ParseApi, DefaultValueFactory = _ => new("http://localhost:8080") };

    public Option<string?> Key { get; } = new("--key") { Description = "API key; default: WAYBILL_KEY, or the file of --key-file" };

    public Option<string> KeyFile { get; } = new("--key-file") { Description = "File that holds the API key", DefaultValueFactory = _ => "data/admin-key" };

    public Option<Uri?> HttpBase { get; } = new("--http-base") { Description = "Scheme, host and port to use instead of those in device URLs" };

    public Option<string> Product { get; } = new("--product") { Description = "Product id, ten characters", DefaultValueFactory = _ => "SIMULATION" };

    public Option<int> Devices { get; } = new("--devices") { Description = "Number of devices", DefaultValueFactory = _ => 20 };

    public Option<string> Prefix { get; } = new("--prefix") { Description = "Device names are this and a number", DefaultValueFactory = _ => "sim-" };

    public Option<string?> Secret { get; } = new("--secret") { Description = "Secret of every device, Base64; default: a new one" };

    public Option<int> Uploads { get; } = new("--uploads") { Description = "Uploads of each device", DefaultValueFactory = _ => 3 };

    public Option<int> Downloads { get; } = new("--downloads") { Description = "Downloads of each device", DefaultValueFactory = _ => 3 };

    public Option<int?> Duration { get; } = new("--duration") { Description = "Seconds to go on for, instead of counting transfers" };

    public Option<(long Least, long Most)> Size { get; } = new("--size") { Description = "Size of files: 64KB, or 4KB..2MB", CustomParser = ParseRange, DefaultValueFactory = _ => (4 << 10, 2 << 20) };

    public Option<long?> Rate { get; } = new("--rate") { Description = "Bytes per second of a device, e.g. 100KB", CustomParser = ParseSize };

    public Option<double> ConnectRate { get; } = new("--connect-rate") { Description = "Devices that connect per second", DefaultValueFactory = _ => 200 };

    public Option<string> Variant { get; } = new("--variant") { Description = "Whose SDK: c, python or mixed", DefaultValueFactory = _ => "mixed" };

    public Option<double> Drop { get; } = Fault("--drop", "the connection breaks in the middle of the body");

    public Option<double> WrongMd5 { get; } = Fault("--wrong-md5", "a byte changes on the way");

    public Option<double> Repeat { get; } = Fault("--repeat", "messages are sent twice");

    public Option<double> Reboot { get; } = Fault("--reboot", "the device restarts in the middle of the body");

    public Option<double> FalseDone { get; } = Fault("--false-done", "an upload is reported done without a byte sent; must end failed");

    public Option<int> Settle { get; } = new("--settle") { Description = "Seconds the server may take to bring everything to its end", DefaultValueFactory = _ => 90 };

    public Option<int?> Seed { get; } = new("--seed") { Description = "For the same sizes and faults again" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Server, Api, Key, KeyFile, HttpBase, Product, Devices, Prefix, Secret, Uploads, Downloads, Duration, Size, Rate,
            ConnectRate, Variant, Drop, WrongMd5, Repeat, Reboot, FalseDone, Settle, Seed])
            command.Add(option);
        Variant.AcceptOnlyFromAmong("c", "python", "mixed");
        command.Validators.Add(Check);
    }

    public SimulationPlan Plan(ParseResult parsed)
    {
        var (host, port) = HostAndPort(parsed.GetRequiredValue(Server));
        var size = parsed.GetRequiredValue(Size);
        return new()
        {
            Host = host,
            MqttPort = port,
            HttpBase = parsed.GetValue(HttpBase),
            Product = parsed.GetRequiredValue(Product),
            Devices = parsed.GetValue(Devices),
            Prefix = parsed.GetRequiredValue(Prefix),
            Secret = parsed.GetValue(Secret) ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
            Uploads = parsed.GetValue(Uploads),
            Downloads = parsed.GetValue(Downloads),
            Duration = parsed.GetValue(Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            LeastSize = size.Least,
            MostSize = size.Most,
            Rate = parsed.GetValue(Rate),
            ConnectRate = parsed.GetValue(ConnectRate),
            Variant = parsed.GetValue(Variant) switch { "c" => HubVariant.C, "python" => HubVariant.Python, _ => null },
            Faults = new()
            {
                Drop = parsed.GetValue(Drop),
                WrongMd5 = parsed.GetValue(WrongMd5),
                Repeat = parsed.GetValue(Repeat),
                Reboot = parsed.GetValue(Reboot),
                FalseDone = parsed.GetValue(FalseDone),
            },
            Settle = TimeSpan.FromSeconds(parsed.GetValue(Settle)),
            Seed = parsed.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
            Run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)),
        };
    }

    /// <summary>The key given, of the environment, or of the file; null when there is none.</summary>
    public string? KeyOf(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(KeyFile);
        return parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable("WAYBILL_KEY") ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : null);
    }

    void Check(CommandResult result)
    {
        if (result.GetValue(Product) is not { Length: 10 })
            result.AddError("--product: a product id has ten characters");
        if (result.GetValue(Devices) is < 1 or > 100_000)
            result.AddError("--devices: 1 to 100000");
        if (result.GetValue(ConnectRate) <= 0)
            result.AddError("--connect-rate: more than 0");
        if (result.GetValue(Uploads) < 0 || result.GetValue(Downloads) < 0 || result.GetValue(Settle) < 0 || result.GetValue(Duration) < 0)
            result.AddError("counts and seconds are not negative");
        foreach (var fault in new[] { Drop, WrongMd5, Repeat, Reboot, FalseDone }.Where(f => result.GetValue(f) is < 0 or > 1))
            result.AddError($"{fault.Name}: 0 to 1");
    }

    static Option<double> Fault(string name, string what) => new(name) { Description = $"Share of transfers, 0 to 1: {what}" };

    static (string Host, int Port) HostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port)
            : (text, 1883);
    }

    static Uri? ParseApi(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (text == "none")
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return uri;
        argument.AddError("--api: an http or https URL, or none");
        return null;
    }

    static (long, long) ParseRange(ArgumentResult argument)
    {
        if (!ByteSize.TryParseRange(argument.Tokens[0].Value, out var range))
            argument.AddError("--size: 64KB, or 4KB..2MB");
        return range;
    }

    static long? ParseSize(ArgumentResult argument)
    {
        if (ByteSize.TryParse(argument.Tokens[0].Value, out var bytes) && bytes > 0)
            return bytes;
        argument.AddError("--rate: 100KB, 2MB, …");
        return null;
    }
}
