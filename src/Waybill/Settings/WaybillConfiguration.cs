using Npgsql;
using Waybill.Devices;
using Waybill.Events;
using Waybill.Quotas;
using Waybill.Transfers;
using Waybill.Webhooks;

namespace Waybill.Settings;

/// <summary>Where settings come from, and their reading into records: the list of every key there is.</summary>
static class WaybillConfiguration
{
    /// <summary>What ships beside the executable, then the working directory's file, the environment, the command line: later ones win.</summary>
    public static IConfiguration Load(IReadOnlyDictionary<string, string?> commandLine) => new ConfigurationBuilder()
        .AddJsonFile(Path.Join(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .AddInMemoryCollection(commandLine)
        .Build();

    /// <exception cref="SettingsException">With all mistakes.</exception>
    public static WaybillSettings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var data = Path.GetFullPath(reader.Text("Data") ?? "./data");
        var tls = Tls(reader);
        var settings = new WaybillSettings
        {
            Data = data,
            PublicUrl = reader.BaseUrl("PublicUrl"),
            AdminKey = AdminKey(reader),
            Database = Database(reader),
            TryPort80 = reader.Flag("Http:TryPort80", true),
            Listeners = ListenerReading.Read(reader, tls is not null),
            Mqtt = MqttReading.Read(reader),
            Tls = tls,
            Objects = Objects(reader, data),
            S3 = S3(reader),
            Transfers = Transfers(reader),
            Dji = DockReading.Defaults(reader),
            Logs = DockReading.Logs(reader),
            Upgrades = DockReading.Upgrades(reader),
            Retention = Retention(reader),
            Events = Events(reader),
            Webhooks = Webhooks(reader),
        };
        AcceptForLater(reader);
        reader.Finish();
        return settings;
    }

    static TlsSettings? Tls(SettingsReader reader)
    {
        var (certificate, key, authorities) = (reader.Text("Tls:Certificate"), reader.Text("Tls:Key"), reader.Text("Tls:DeviceAuthorities"));
        if (certificate is null && key is null)
        {
            if (authorities is not null)
                reader.Mistake("Tls:DeviceAuthorities", authorities, "absent without Waybill:Tls:Certificate and Waybill:Tls:Key: devices show certificates over TLS only");
            return null;
        }
        if (certificate is null || key is null)
        {
            reader.Mistake(certificate is null ? "Tls:Certificate" : "Tls:Key", null, "is missing: Certificate and Key go together");
            return null;
        }
        var pair = new TlsSettings(Path.GetFullPath(certificate), Path.GetFullPath(key));
        try
        {
            using var loaded = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(pair.Certificate, pair.Key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            reader.Mistake("Tls:Certificate", certificate, $"with Tls:Key a readable PEM pair that belongs together ({e.Message})");
        }
        return pair with { DeviceAuthorities = authorities is null ? null : Authorities(reader, Path.GetFullPath(authorities)) };
    }

    static string Authorities(SettingsReader reader, string path)
    {
        try
        {
            AuthorityFile.Load(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            reader.Mistake("Tls:DeviceAuthorities", path, $"a readable PEM file of the authorities that issue certificates of devices, roots included ({e.Message})");
        }
        return path;
    }

    static string? AdminKey(SettingsReader reader)
    {
        var key = reader.Text("AdminKey");
        if (key is { Length: < 16 or > 200 } || key?.Any(c => c is <= ' ' or > '~') == true)
            reader.Mistake("AdminKey", "(hidden)", "16 to 200 printable ASCII characters without spaces, or absent");
        return key;
    }

    static string? Database(SettingsReader reader)
    {
        var text = reader.Text("Database");
        try
        {
            if (text is not null && new NpgsqlConnectionStringBuilder(text).Host is null)
                reader.Mistake("Database", "(hidden)", "a PostgreSQL connection string with a Host, or absent for SQLite");
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            reader.Mistake("Database", "(hidden)", "a PostgreSQL connection string, or absent for SQLite");
        }
        return text;
    }

    static ObjectSettings Objects(SettingsReader reader, string data)
    {
        var defaults = new ObjectSettings { Path = data };
        return new()
        {
            Path = Path.GetFullPath(reader.Text("Objects:Path") ?? data),
            Grace = reader.Time("Objects:Grace", defaults.Grace, TimeSpan.Zero),
            Scrub = reader.Time("Objects:Scrub", defaults.Scrub, TimeSpan.Zero),
            MaximumSize = reader.Number("Objects:MaximumSize", defaults.MaximumSize, 1, 1L << 50, "a number of bytes above 0"),
        };
    }

    static S3Settings S3(SettingsReader reader)
    {
        var defaults = new S3Settings();
        var (accessKey, secretKey) = (reader.Text("S3:AccessKey"), reader.Text("S3:SecretKey"));
        if (accessKey is null != secretKey is null)
            reader.Mistake(accessKey is null ? "S3:AccessKey" : "S3:SecretKey", null, "is missing: AccessKey and SecretKey go together");
        if (accessKey is { Length: < 3 or > 128 } || accessKey?.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') == false)
            reader.Mistake("S3:AccessKey", accessKey, "3 to 128 letters, digits, dots, dashes and underscores");
        if (secretKey is { Length: < 16 or > 128 } || secretKey?.Any(c => c is <= ' ' or > '~') == true)
            reader.Mistake("S3:SecretKey", "(hidden)", "16 to 128 printable ASCII characters without spaces");
        return new()
        {
            AccessKey = accessKey,
            SecretKey = secretKey,
            Region = reader.Text("S3:Region") ?? defaults.Region,
            PublicUrl = reader.BaseUrl("S3:PublicUrl"),
            Issuers = IssuerReading.Read(reader, reader.Text("S3:Region") ?? defaults.Region),
            Hosts = reader.Text("S3:Hosts")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? defaults.Hosts,
            AbandonedAfter = reader.Time("S3:AbandonedAfter", defaults.AbandonedAfter, TimeSpan.FromSeconds(1)),
        };
    }

    static TransferSettings Transfers(SettingsReader reader)
    {
        var (defaults, second) = (new TransferSettings(), TimeSpan.FromSeconds(1));
        return new()
        {
            UploadUrl = reader.Time("Transfers:UploadUrl", defaults.UploadUrl, second),
            DownloadUrl = reader.Time("Transfers:DownloadUrl", defaults.DownloadUrl, second),
            Deadline = reader.Time("Transfers:Deadline", defaults.Deadline, second),
            Grace = reader.Time("Transfers:Grace", defaults.Grace, TimeSpan.Zero),
            Silence = reader.Time("Transfers:Silence", defaults.Silence, TimeSpan.FromMilliseconds(100)),
            BackOff = reader.Time("Transfers:BackOff", defaults.BackOff, TimeSpan.Zero),
            Attempts = (int)reader.Number("Transfers:Attempts", defaults.Attempts, 1, 1000, "a number from 1 to 1000"),
            MaximumSize = reader.Number("Transfers:MaximumSize", defaults.MaximumSize, 1, 1L << 50, "a number of bytes above 0"),
            MostQueued = (int)reader.Number("Transfers:MostQueued", defaults.MostQueued, 1, 200, "a number from 1 to 200"),
        };
    }

    static RetentionSettings Retention(SettingsReader reader)
    {
        var defaults = new RetentionSettings();
        return new()
        {
            Transfers = reader.Time("Retention:Transfers", defaults.Transfers, TimeSpan.Zero),
            Every = reader.Time("Retention:Every", defaults.Every, TimeSpan.FromMilliseconds(100)),
        };
    }

    static EventSettings Events(SettingsReader reader)
    {
        var defaults = new EventSettings();
        return new()
        {
            Keep = reader.Time("Events:Keep", defaults.Keep, TimeSpan.FromSeconds(1)),
            Heartbeat = reader.Time("Events:Heartbeat", defaults.Heartbeat, TimeSpan.FromMilliseconds(100)),
            Buffer = (int)reader.Number("Events:Buffer", defaults.Buffer, 16, 100_000, "a number of events from 16 to 100000"),
            Listeners = (int)reader.Number("Events:Listeners", defaults.Listeners, 0, 1_000_000, "a number of streams from 0 to 1000000"),
        };
    }

    static WebhookSettings Webhooks(SettingsReader reader)
    {
        var (defaults, least) = (new WebhookSettings(), TimeSpan.FromMilliseconds(10));
        return new()
        {
            Timeout = reader.Time("Webhooks:Timeout", defaults.Timeout, least),
            BackOff = reader.Time("Webhooks:BackOff", defaults.BackOff, least),
            LongestBackOff = reader.Time("Webhooks:LongestBackOff", defaults.LongestBackOff, least),
            Attempts = (int)reader.Number("Webhooks:Attempts", defaults.Attempts, 1, 10_000, "a number from 1 to 10000"),
            Batch = (int)reader.Number("Webhooks:Batch", defaults.Batch, 1, 1000, "a number of events from 1 to 1000"),
            Keep = reader.Time("Webhooks:Keep", defaults.Keep, TimeSpan.FromSeconds(1)),
            AllowPrivate = reader.Networks("Webhooks:AllowPrivate"),
        };
    }

    /// <summary>Keys whose parts of the product do not exist yet: a configuration that has them stays valid.</summary>
    static void AcceptForLater(SettingsReader reader)
    {
        reader.Accept("Link");
    }
}
