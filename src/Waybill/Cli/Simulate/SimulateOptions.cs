using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Waybill.Cli.Simulate.Docks;
using Waybill.Device;

namespace Waybill.Cli.Simulate;

/// <summary>The options of <c>waybill simulate</c> and the plan they make.</summary>
sealed class SimulateOptions
{
    public Option<string> Server { get; } = new("--server") { Description = "MQTT: host[:port]", DefaultValueFactory = _ => "localhost:1883" };

    public Option<string?> Api { get; } = new("--api") { Description = "REST API; 'none' runs without it: uploads only, and the devices are believed", DefaultValueFactory = _ => "http://localhost:8080" };

    public Option<string?> Key { get; } = new("--key") { Description = "API key; default: WAYBILL_KEY, or the file of --key-file" };

    public Option<string> KeyFile { get; } = new("--key-file") { Description = "File that holds the API key", DefaultValueFactory = _ => "data/admin-key" };

    public Option<string?> HttpBase { get; } = new("--http-base") { Description = "Scheme, host and port to use instead of those in device URLs" };

    public Option<string> Product { get; } = new("--product") { Description = "Product id, ten characters", DefaultValueFactory = _ => "SIMULATION" };

    public Option<int> Devices { get; } = new("--devices") { Description = "Number of devices", DefaultValueFactory = _ => 20 };

    public Option<string> Prefix { get; } = new("--prefix") { Description = "Device names are this and a number", DefaultValueFactory = _ => "sim-" };

    public Option<string?> Secret { get; } = new("--secret") { Description = "Secret of every device, Base64; default: a new one" };

    public Option<int> Uploads { get; } = new("--uploads") { Description = "Uploads of each device", DefaultValueFactory = _ => 3 };

    public Option<int> Downloads { get; } = new("--downloads") { Description = "Downloads of each device", DefaultValueFactory = _ => 3 };

    public Option<int> Removals { get; } = new("--removals") { Description = "Fetched files that each device is told to delete at the end (Explorer)", DefaultValueFactory = _ => 1 };

    public Option<int?> Duration { get; } = new("--duration") { Description = "Seconds to go on for, instead of counting transfers" };

    public Option<string> Size { get; } = new("--size") { Description = "Size of files: 64KB, or 4KB..2MB", DefaultValueFactory = _ => "4KB..2MB" };

    public Option<string?> Rate { get; } = new("--rate") { Description = "Bytes per second of a device, e.g. 100KB" };

    public Option<double> ConnectRate { get; } = new("--connect-rate") { Description = "Devices that connect per second", DefaultValueFactory = _ => 200 };

    public Option<string> Variant { get; } = new("--variant") { Description = "Whose SDK: c, python (Hub), c3, v4, java (Explorer), or turns of hub, explorer, mixed", DefaultValueFactory = _ => "mixed" };

    public Option<double> Drop { get; } = Fault("--drop", "the connection breaks in the middle of the body");

    public Option<double> WrongMd5 { get; } = Fault("--wrong-md5", "a byte changes on the way");

    public Option<double> Repeat { get; } = Fault("--repeat", "messages are sent twice");

    public Option<double> Reboot { get; } = Fault("--reboot", "the device restarts in the middle of the body");

    public Option<double> Reflash { get; } = Fault("--reflash", "the device loses what it has stored in the middle of the body (Explorer)");

    public Option<double> FalseDone { get; } = Fault("--false-done", "an upload is reported done without a byte sent; must end failed");

    public Option<int?> Docks { get; } = new("--docks") { Description = "Run so many DJI docks instead of devices: arrival, logs, upgrades, media, each proven through the API" };

    public Option<string> Profile { get; } = new("--profile") { Description = "Generation of the docks' firmware: v1.2, v1.4, v1.8, v1.16, or turns of all", DefaultValueFactory = _ => "all" };

    public Option<string> DockFaults { get; } = new("--dock-faults")
    {
        Description = $"What goes wrong with docks, shared among them: all, none, or a list of {string.Join(',', DockTrials.Faults.Select(f => f.Word()))}",
        DefaultValueFactory = _ => "all",
    };

    public Option<int> Settle { get; } = new("--settle") { Description = "Seconds the server may take to bring everything to its end", DefaultValueFactory = _ => 90 };

    public Option<int?> Seed { get; } = new("--seed") { Description = "For the same sizes and faults again" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Server, Api, Key, KeyFile, HttpBase, Product, Devices, Prefix, Secret, Uploads, Downloads, Removals, Duration, Size, Rate,
            ConnectRate, Variant, Drop, WrongMd5, Repeat, Reboot, Reflash, FalseDone, Docks, Profile, DockFaults, Settle, Seed])
            command.Add(option);
        Variant.AcceptOnlyFromAmong([.. SimulatedVariants.ByName.Keys]);
        Profile.AcceptOnlyFromAmong(["all", .. DjiProfile.All.Select(p => p.Name)]);
    }

    /// <summary>The plan, and in <paramref name="mistakes"/> what is wrong with it.</summary>
    public SimulationPlan Plan(ParseResult parsed, List<string> mistakes)
    {
        var (host, port) = HostAndPort(parsed.GetRequiredValue(Server));
        if (!ByteSize.TryParseRange(parsed.GetRequiredValue(Size), out var size))
            mistakes.Add("--size: 64KB, or 4KB..2MB");
        Check(parsed, mistakes);
        return new()
        {
            Host = host,
            MqttPort = port,
            HttpBase = UrlOf(parsed, HttpBase, mistakes),
            Product = parsed.GetRequiredValue(Product),
            Devices = parsed.GetValue(Devices),
            Prefix = parsed.GetRequiredValue(Prefix),
            Secret = parsed.GetValue(Secret) ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
            Uploads = parsed.GetValue(Uploads),
            Downloads = parsed.GetValue(Downloads),
            Removals = parsed.GetValue(Removals),
            Duration = parsed.GetValue(Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            LeastSize = size.Least,
            MostSize = size.Most,
            Rate = RateOf(parsed, mistakes),
            ConnectRate = parsed.GetValue(ConnectRate),
            Variants = SimulatedVariants.ByName[parsed.GetRequiredValue(Variant)],
            Faults = new()
            {
                Drop = parsed.GetValue(Drop),
                WrongMd5 = parsed.GetValue(WrongMd5),
                Repeat = parsed.GetValue(Repeat),
                Reboot = parsed.GetValue(Reboot),
                Reflash = parsed.GetValue(Reflash),
                FalseDone = parsed.GetValue(FalseDone),
            },
            Settle = TimeSpan.FromSeconds(parsed.GetValue(Settle)),
            Seed = parsed.GetValue(Seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
            Run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)),
        };
    }

    /// <summary>The same for docks; null when none are asked for.</summary>
    public DockPlan? DocksOf(ParseResult parsed, SimulationPlan plan, List<string> mistakes)
    {
        if (parsed.GetValue(Docks) is not { } docks)
            return null;
        if (docks is < 1 or > 1000)
            mistakes.Add("--docks: 1 to 1000");
        var faults = FaultsOf(parsed.GetRequiredValue(DockFaults));
        if (faults is null)
            mistakes.Add($"--dock-faults: all, none, or a list of {string.Join(',', DockTrials.Faults.Select(f => f.Word()))}");
        return new()
        {
            Host = plan.Host,
            MqttPort = plan.MqttPort,
            Product = parsed.GetResult(Product) is { Implicit: false } ? plan.Product : "simulated-docks",
            Docks = docks,
            Profiles = [.. DjiProfile.All.Where(p => parsed.GetRequiredValue(Profile) is var wanted && (wanted == "all" || wanted == p.Name))],
            Faults = faults ?? [],
            LeastSize = plan.LeastSize,
            MostSize = plan.MostSize,
            Settle = plan.Settle,
            Seed = plan.Seed,
            Run = plan.Run,
        };
    }

    static IReadOnlyList<DockTrial>? FaultsOf(string text)
    {
        if (text is "all" or "none")
            return text == "all" ? DockTrials.Faults : [];
        var words = text.Split(',');
        var found = DockTrials.Faults.Where(f => words.Contains(f.Word(), StringComparer.Ordinal)).ToList();
        return found.Count == words.Length ? found : null;
    }

    /// <summary>The key given, of the environment, or of the file; null when there is none.</summary>
    public string? KeyOf(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(KeyFile);
        return parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable("WAYBILL_KEY") ?? (File.Exists(file) ? File.ReadAllText(file).Trim() : null);
    }

    /// <summary>Where the API is; null to go without.</summary>
    public Uri? ApiOf(ParseResult parsed, List<string> mistakes) => parsed.GetValue(Api) == "none" ? null : UrlOf(parsed, Api, mistakes);

    void Check(ParseResult parsed, List<string> mistakes)
    {
        void Must(bool isSo, string text)
        {
            if (!isSo)
                mistakes.Add(text);
        }

        Must(parsed.GetRequiredValue(Product).Length == 10 || parsed.GetValue(Docks) is not null, "--product: a product id has ten characters");
        Must(parsed.GetValue(Devices) is >= 1 and <= 100_000, "--devices: 1 to 100000");
        Must(parsed.GetValue(ConnectRate) > 0, "--connect-rate: more than 0");
        Must(parsed.GetValue(Uploads) >= 0, "--uploads: 0 or more");
        Must(parsed.GetValue(Downloads) >= 0, "--downloads: 0 or more");
        Must(parsed.GetValue(Removals) >= 0, "--removals: 0 or more");
        Must(parsed.GetValue(Duration) is null or > 0, "--duration: more than 0");
        Must(parsed.GetValue(Settle) >= 0, "--settle: 0 or more");
        foreach (var fault in new[] { Drop, WrongMd5, Repeat, Reboot, Reflash, FalseDone })
            Must(parsed.GetValue(fault) is >= 0 and <= 1, $"{fault.Name}: 0 to 1");
    }

    long? RateOf(ParseResult parsed, List<string> mistakes)
    {
        if (parsed.GetValue(Rate) is not { } text)
            return null;
        if (!ByteSize.TryParse(text, out var rate) || rate == 0)
            mistakes.Add("--rate: 100KB, 2MB, …");
        return rate;
    }

    static Uri? UrlOf(ParseResult parsed, Option<string?> option, List<string> mistakes)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            mistakes.Add($"{option.Name}: an http or https URL");
        return url;
    }

    static Option<double> Fault(string name, string what) => new(name) { Description = $"Share of transfers, 0 to 1: {what}" };

    static (string Host, int Port) HostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (text[..colon], port)
            : (text, 1883);
    }
}
