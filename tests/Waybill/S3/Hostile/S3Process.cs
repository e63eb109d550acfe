using System.Globalization;

namespace Waybill.Tests.S3.Hostile;

/// <summary>The real executable with the owner's keys and a bucket, looked at from outside.</summary>
sealed class S3Process : IAsyncDisposable
{
    readonly string _directory;
    readonly ServerProcess _server;

    S3Process(string directory, ServerProcess server) => (_directory, _server) = (directory, server);

    public Uri Endpoint { get; private set; } = null!;

    public string Output => _server.Output;

    /// <summary>The most memory it ever had, in bytes.</summary>
    public long MostMemory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_server.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    public static async Task<S3Process> StartAsync(params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("waybill-s3-").FullName;
        var server = ServerProcess.Start(directory,
        [
            "serve", "--Waybill:Http:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:S3:Port=0", "--Waybill:Mqtt:Port=0", $"--Waybill:S3:AccessKey={S3House.AccessKey}",
            $"--Waybill:S3:SecretKey={S3House.Secret}", .. arguments,
        ]);
        var started = new S3Process(directory, server);
        await server.ApiAsync();
        started.Endpoint = EndpointOf(server);
        (await started.SendAsync(new("PUT", "/bucket"))).Is(System.Net.HttpStatusCode.OK);
        return started;
    }

    /// <summary>Once it listens.</summary>
    public static Uri EndpointOf(ServerProcess server)
    {
        var line = server.Output.Split('\n').First(l => l.Contains(" for S3", StringComparison.Ordinal));
        return new($"http://127.0.0.1:{line.Split("]:")[1].Split(' ')[0]}");
    }

    public async Task<S3Reply> SendAsync(HandSigned request)
    {
        using var http = new HttpClient();
        using var message = request.For(Endpoint);
        using var response = await http.SendAsync(message, House.Soon);
        return await S3Reply.OfAsync(response);
    }

    public Task<int> StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
