using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Waybill.Device;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Tests.Dji;

/// <summary>A dock, and what it is called. Its aircraft is called the same, with <c>A</c> behind.</summary>
sealed record HousedDock(string Sn, DjiDock Dock)
{
    public string AircraftSn => DockHouse.AircraftOf(Sn);
}

/// <summary>The whole server with a product of docks, <c>docks</c>, and docks of the device library that really put their archives into its buckets.</summary>
sealed class DockHouse : IAsyncDisposable
{
    public const string Product = "docks";
    public const string Secret = "dock-secret-0123456789";

    readonly List<(DjiDock Dock, Task Running)> _docks = [];
    readonly CancellationTokenSource _end = new();

    DockHouse(House house) => House = house;

    public House House { get; }

    /// <summary>Done before an archive is put, with its key.</summary>
    public Func<string, CancellationToken, Task> BeforeUpload { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What is put in the place of an archive, with its key.</summary>
    public Func<string, byte[], IReadOnlyList<(string Key, byte[] Bytes)>> Stored { get; set; } = (key, bytes) => [(key, bytes)];

    public static string AircraftOf(string sn) => sn + "A";

    public static async Task<DockHouse> StartAsync(params (string Key, string? Value)[] settings)
    {
        var house = await House.StartAsync(settings);
        const string Body = """{"name":"Docks","dialects":["dji"],"dji":{"appId":"123456","appKey":"key","appLicense":"licence","ntpHost":"ntp.example"}}""";
        (await house.SendAsync("PUT", $"/api/v1/products/{Product}", Body)).Is(HttpStatusCode.Created);
        (await house.SendAsync("PUT", $"/api/v1/products/{Product}/organizations/brigade", """{"name":"Fire brigade","bindingCode":"code1234"}""")).Is(HttpStatusCode.Created);
        return new(house);
    }

    /// <summary>Registers a dock that does not come yet.</summary>
    public async Task RegisterAsync(string sn, string tags = "{}") =>
        (await House.SendAsync("PUT", $"/api/v1/products/{Product}/devices/{sn}", $$"""{"secret":"{{Secret}}","tags":{{tags}}}""")).Is(HttpStatusCode.Created, HttpStatusCode.OK);

    /// <summary>A dock that is there and follows commands until the house ends.</summary>
    public async Task<HousedDock> DockAsync(string sn = "DOCK1", Func<DjiDockOptions, DjiDockOptions>? but = null)
    {
        await RegisterAsync(sn);
        var options = but?.Invoke(Options(sn)) ?? Options(sn);
        var dock = await DjiDock.ConnectAsync(options, House.Soon);
        var arrival = await dock.ArriveAsync(House.Soon);
        if (!arrival.IsOnline)
            throw new InvalidOperationException($"the dock stopped at {arrival.Step} with {arrival.Code}");
        _docks.Add((dock, dock.RunAsync(watcher: null, _end.Token)));
        return new(sn, dock);
    }

    public DjiDockOptions Options(string sn) => new()
    {
        Host = "127.0.0.1",
        Port = House.Server.MqttPort,
        Password = Secret,
        DockSn = sn,
        AircraftSn = AircraftOf(sn),
        Organization = new("brigade", "code1234"),
        ConfigDelay = TimeSpan.FromMilliseconds(50),
        ReportInterval = TimeSpan.FromMilliseconds(100),
        RestartTime = TimeSpan.FromMilliseconds(200),
        Upload = UploadAsync,
        Logs = new()
        {
            Dock = [new(321, 1654070968000, 1654074568000, 5000), new(322, 1659427398000, 1659430998000, 700)],
            Aircraft = [new(7, 1654070968000, 1654074568000, 3000)],
            Open = (_, boot, _) => new(new MemoryStream(LogOf(boot.Index, boot.Size!.Value))),
        },
    };

    public static byte[] LogOf(long index, long size) => [.. Enumerable.Range(0, (int)size).Select(i => (byte)(i * 31 + index))];

    public Task<Reply> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        House.SendAsync(method, "/api/v1" + path, json, headers);

    /// <summary>What a job has become, when it is that.</summary>
    public async Task<Reply> UntilAsync(string path, Func<Reply, bool> isThat)
    {
        Reply? last = null;
        try
        {
            await Eventually.IsAsync(path, async () => isThat(last = (await SendAsync("GET", path)).Is(HttpStatusCode.OK)));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} {last?.Text}", e);
        }
        return last!;
    }

    public Task<Reply> UntilAsync(string path, string state) => UntilAsync(path, reply => reply["state"] == state);

    /// <summary>Logs that a dock has listed; the path of the request.</summary>
    public async Task<string> ListedAsync(string sn = "DOCK1", string modules = """["0","3"]""")
    {
        var made = (await SendAsync("POST", "/logs", $$"""{"product":"{{Product}}","gateway":"{{sn}}","modules":{{modules}}}""")).Is(HttpStatusCode.Created);
        var path = $"/logs/{made.Id}";
        await UntilAsync(path, "listed");
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var (dock, running) in _docks)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await dock.DisposeAsync();
        }
        await House.DisposeAsync();
        _end.Dispose();
    }

    async Task UploadAsync(DjiStorage storage, string key, Stream content, IProgress<long> moved, CancellationToken ct)
    {
        await BeforeUpload(key, ct);
        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, ct);
        try
        {
            using var s3 = ClientOf(storage);
            foreach (var (name, stored) in Stored(key, bytes))
                await s3.PutObjectAsync(new() { BucketName = storage.Bucket, Key = name, InputStream = new MemoryStream(stored) }, ct);
        }
        catch (AmazonServiceException e)
        {
            throw new IOException("The storage refused the archive.", e);
        }
        moved.Report(bytes.Length);
    }

    /// <summary>As a dock that was told of this storage.</summary>
    public static AmazonS3Client ClientOf(DjiStorage storage) => new(
        new SessionAWSCredentials(storage.Credentials.KeyId, storage.Credentials.Secret, storage.Credentials.Token),
        new AmazonS3Config { ServiceURL = storage.Endpoint, ForcePathStyle = true, AuthenticationRegion = storage.Region, MaxErrorRetry = 0 });
}
