using System.Net.Sockets;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Waybill.Data;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>The whole server with a known key pair of its owner and a bucket named <c>bucket</c>, for clients of any kind.</summary>
sealed class S3House : IAsyncDisposable
{
    public const string AccessKey = "OWNERKEY0123456789";
    public const string Secret = "owner/secret+0123456789abcdefghijklmnopq";

    static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    S3House(House house) => (House, Http) = (house, LoopbackNames.Client());

    public House House { get; }

    public HttpClient Http { get; }

    public Uri Endpoint => House.Server.S3;

    public Database Database => House.Get<Database>();

    public static AWSCredentials Owner => new BasicAWSCredentials(AccessKey, Secret);

    public static async Task<S3House> StartAsync(params (string Key, string? Value)[] settings)
    {
        var started = new S3House(await Tests.House.StartAsync([("S3:AccessKey", AccessKey), ("S3:SecretKey", Secret), .. settings]));
        (await started.SendAsync(new("PUT", "/bucket"))).Is(System.Net.HttpStatusCode.OK);
        return started;
    }

    public async Task<S3Reply> SendAsync(HandSigned request)
    {
        using var message = request.For(Endpoint);
        using var response = await Http.SendAsync(message, Tests.House.Soon);
        return await S3Reply.OfAsync(response);
    }

    public async Task<S3Reply> FetchAsync(string url)
    {
        using var response = await Http.GetAsync(new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), Tests.House.Soon);
        return await S3Reply.OfAsync(response);
    }

    public Task RestartAsync() => House.RestartAsync();

    public AmazonS3Client Client(AWSCredentials? credentials = null, Action<AmazonS3Config>? configure = null)
    {
        var config = new AmazonS3Config { ServiceURL = Endpoint.OriginalString, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 };
        configure?.Invoke(config);
        return new(credentials ?? Owner, config);
    }

    public async Task<Credentials> AssumeAsync(string policy)
    {
        using var sts = new AmazonSecurityTokenServiceClient(
            Owner, new AmazonSecurityTokenServiceConfig { ServiceURL = Endpoint.OriginalString, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        return (await sts.AssumeRoleAsync(
            new() { RoleArn = "arn:aws:iam:::role/device", RoleSessionName = "job-1", DurationSeconds = 900, Policy = policy }, Tests.House.Soon)).Credentials;
    }

    /// <summary>A connection of its own, for what no client sends.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", Endpoint.Port, Tests.House.Soon);
        return new(socket, ownsSocket: true);
    }

    /// <summary>Sends this as it is and reads what comes back until the server hangs up, as it is asked to.</summary>
    public async Task<string> SayAsync(params IEnumerable<byte[]> request)
    {
        await using var connection = await ConnectAsync();
        await SendAsync(connection, request);
        return await ReadAsync(connection, Tests.House.Soon);
    }

    /// <summary>The same where it may not be a whole request: then it is broken off.</summary>
    public async Task<string> MumbleAsync(byte[] request)
    {
        await using var connection = await ConnectAsync();
        await SendAsync(connection, [request]);
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            return await ReadAsync(connection, patience.Token);
        }
        catch (OperationCanceledException)
        {
            connection.Socket.Shutdown(SocketShutdown.Send);
            return await ReadAsync(connection, Tests.House.Soon);
        }
    }

    /// <summary>No row and no byte, neither whole nor begun.</summary>
    public async Task NothingIsStoredAsync()
    {
        Assert.Equal(0, await Database.FirstAsync<long>("select (select count(*) from s3_objects) + (select count(*) from s3_parts)", null, Tests.House.Soon));
        Assert.Equal(0, await Database.FirstAsync<long>("select count(*) from objects", null, Tests.House.Soon));
        Assert.Empty(House.Get<DiskStore>().All());
        // a connection that broke is noticed when it is
        await Eventually.IsAsync("no file is begun", () => !Directory.EnumerateFiles(Path.Join(House.Directory, "incoming")).Any());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await House.DisposeAsync();
    }

    static async Task SendAsync(NetworkStream connection, IEnumerable<byte[]> request)
    {
        try
        {
            foreach (var piece in request)
                await connection.WriteAsync(piece, Tests.House.Soon);
        }
        catch (IOException)
        {
            // it was answered before it had been said
        }
    }

    static async Task<string> ReadAsync(NetworkStream connection, CancellationToken ct)
    {
        var text = new StringBuilder();
        var buffer = new byte[8192];
        try
        {
            while (await connection.ReadAsync(buffer, ct) is > 0 and var count)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // a reset is an end as well
        }
        return text.ToString();
    }
}
