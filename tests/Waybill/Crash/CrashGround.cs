using Microsoft.Data.Sqlite;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>A data directory, and a database, on which the real executable is started, killed and started again.</summary>
sealed class CrashGround : IAsyncDisposable
{
    readonly string? _database;

    CrashGround(string data, string? database) => (Data, _database) = (data, database);

    public string Data { get; }

    public static async Task<CrashGround> PrepareAsync(bool onSqlite = false) =>
        new(Directory.CreateTempSubdirectory("waybill-crash-").FullName, onSqlite ? null : await House.FreshPostgresAsync());

    public async Task<CrashServer> StartAsync(params IReadOnlyList<(string Name, string Value)> environment)
    {
        string[] arguments =
        [
            "serve", $"--Waybill:Data={Data}", "--Waybill:Http:Port=0", "--Waybill:S3:Port=0", "--Waybill:Http:TryPort80=false", "--Waybill:Mqtt:Port=0", "--Waybill:Mqtt:TlsPort=0",
            $"--Waybill:PublicUrl={CrashServer.PublicUrl}",
        ];
        return await CrashServer.ReadyAsync(ServerProcess.Start(Data, environment, _database is null ? arguments : [.. arguments, $"--Waybill:Database={_database}"]), Data);
    }

    /// <summary>What SQLite itself thinks of its file.</summary>
    public async Task CheckDatabaseAsync()
    {
        if (_database is null)
            Assert.Equal("ok", await CheckAsync(Data));
    }

    public static async Task<string?> CheckAsync(string data)
    {
        await using var db = new SqliteConnection($"Data Source={Path.Join(data, "waybill.db")};Pooling=False");
        await db.OpenAsync(House.Soon);
        await using var check = db.CreateCommand();
        check.CommandText = "pragma integrity_check";
        return (string?)await check.ExecuteScalarAsync(House.Soon);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await House.DropPostgresAsync(_database);
        Directory.Delete(Data, recursive: true);
    }
}

/// <summary>One life of the server.</summary>
sealed class CrashServer : IAsyncDisposable
{
    public const string PublicUrl = "http://files.example.com";

    readonly ServerProcess _process;
    bool _isDead;

    CrashServer(ServerProcess process, HttpClient http) => (_process, Http, MqttPort) = (process, http, process.MqttPort);

    /// <summary>With the admin key.</summary>
    public HttpClient Http { get; }

    public int MqttPort { get; }

    public string Output => _process.Output;

    public static async Task<CrashServer> ReadyAsync(ServerProcess process, string data)
    {
        try
        {
            var http = new HttpClient { BaseAddress = await process.ApiAsync() };
            http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Join(data, "admin-key"), House.Soon)).Trim());
            return new CrashServer(process, http);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM: its exit code, and its log is whole.</summary>
    public Task<int> StopAsync() => _process.StopAsync();

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_isDead)
            return;
        _isDead = true;
        await _process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Http.Dispose();
    }
}
