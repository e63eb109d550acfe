using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Waybill.Tests;

/// <summary>
/// The real server with real sockets in this process, on a data directory of its own and a fresh database: SQLite, or PostgreSQL
/// where <c>WAYBILL_TEST_POSTGRES</c> holds a connection string.
/// </summary>
sealed class House : IAsyncDisposable
{
    public const string AdminKey = "test-admin-key-0123456789";

    readonly Dictionary<string, string?> _settings;
    readonly string? _database;

    House(Dictionary<string, string?> settings, string directory, string? database) => (_settings, Directory, _database) = (settings, directory, database);

    public WaybillServer Server { get; private set; } = null!;

    public string Directory { get; }

    /// <summary>With the admin key.</summary>
    public HttpClient Api { get; private set; } = null!;

    /// <summary>Without any key, at the listener for device URLs.</summary>
    public HttpClient Devices { get; private set; } = null!;

    /// <summary>For what a test waits for.</summary>
    public static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    public static async Task<House> StartAsync(params (string Key, string? Value)[] settings)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("waybill-test-").FullName;
        var database = await FreshPostgresAsync();
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Waybill:Data"] = directory,
            ["Waybill:AdminKey"] = AdminKey,
            ["Waybill:Database"] = database,
            ["Waybill:Http:TryPort80"] = "false",
            ["Waybill:Mqtt:Port"] = "0",
            ["Waybill:Mqtt:TlsPort"] = "0",
            ["Logging:LogLevel:Default"] = "Error",
        };
        if (!settings.Any(s => s.Key.StartsWith("Listeners", StringComparison.Ordinal)))
            (all["Waybill:Http:Port"], all["Waybill:S3:Port"]) = ("0", "0");
        foreach (var (key, value) in settings)
            all[$"Waybill:{key}"] = value;
        var house = new House(all, directory, database);
        await house.OpenAsync();
        return house;
    }

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>Stops the server in good order and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>A request with a JSON body, as text, so that tests can send what is no JSON as well.</summary>
    public async Task<Reply> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (json is not null)
            request.Content = new StringContent(json, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Reply.OfAsync(await Api.SendAsync(request, Soon));
    }

    public async Task<Reply> PutBytesAsync(string path, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        return await Reply.OfAsync(await Api.PutAsync(new Uri(path, UriKind.Relative), content, Soon));
    }

    /// <summary>A product of the hub dialect and a device in it.</summary>
    public async Task DeviceAsync(string product = "ABCDE12345", string device = "dev001")
    {
        (await SendAsync("PUT", $"/api/v1/products/{product}", """{"name":"Doorbell","dialects":["tencent-hub"]}""")).Is(HttpStatusCode.Created, HttpStatusCode.OK);
        (await SendAsync("PUT", $"/api/v1/products/{product}/devices/{device}", """{"secret":"MDEyMzQ1Njc4OWFiY2RlZg=="}""")).Is(HttpStatusCode.Created, HttpStatusCode.OK);
    }

    /// <summary>Version 1 of a file in the product's library, and its download ordered for the device.</summary>
    public async Task OrderAsync(string name, byte[] bytes, string product = "ABCDE12345", string device = "dev001")
    {
        (await PutBytesAsync($"/api/v1/products/{product}/files/{name}/1", bytes)).Is(HttpStatusCode.Created);
        (await SendAsync(
            "POST",
            "/api/v1/transfers",
            $$"""{"kind":"download","product":"{{product}}","device":"{{device}}","file":{"name":"{{name}}","version":"1"} }""")).Is(HttpStatusCode.Created);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_database is not null)
            await DropPostgresAsync(_database);
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Takes the database away: its connections end and new ones are refused, until this is disposed.</summary>
    public async Task<IAsyncDisposable> ClosePostgresAsync()
    {
        var source = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES")!);
        var name = new NpgsqlConnectionStringBuilder(_database).Database!;
        await using var close = source.CreateCommand($"alter database {name} allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await close.ExecuteNonQueryAsync(Soon);
        return new ClosedPostgres(source, name);
    }

    async Task OpenAsync()
    {
        Server = await WaybillServer.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build(), Soon);
        Api = new HttpClient { BaseAddress = Server.Api };
        Api.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        Devices = new HttpClient { BaseAddress = Server.Devices };
    }

    async Task CloseAsync()
    {
        Api.Dispose();
        Devices.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A database of its own, or null where SQLite is tested.</summary>
    public static async Task<string?> FreshPostgresAsync()
    {
        if (Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES") is not { Length: > 0 } server)
            return null;
        var name = $"waybill_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(server);
        await using var create = source.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync(Soon);
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    public static async Task DropPostgresAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES")!);
        await using var drop = source.CreateCommand($"drop database {new NpgsqlConnectionStringBuilder(database).Database} with (force)");
        await drop.ExecuteNonQueryAsync(Soon);
    }

    sealed class ClosedPostgres(NpgsqlDataSource source, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await using (var open = source.CreateCommand($"alter database {name} allow_connections true"))
                await open.ExecuteNonQueryAsync(Soon);
            await source.DisposeAsync();
        }
    }
}

/// <summary>An answer of the API, read.</summary>
sealed record Reply(HttpStatusCode Status, string Text, HttpResponseMessage Http)
{
    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>A text in the answer, by its path: <c>items.0.name</c>.</summary>
    public string? this[string path] => Find(path) is { ValueKind: not JsonValueKind.Null } found ? found.ToString() : null;

    public string? Code => this["code"];

    public string? Id => this["id"];

    /// <summary>The fields a refusal names.</summary>
    public IReadOnlyList<string?> Wrong => [.. Json.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString())];

    public static async Task<Reply> OfAsync(HttpResponseMessage http) => new(http.StatusCode, await http.Content.ReadAsStringAsync(House.Soon), http);

    public Reply Is(params HttpStatusCode[] expected)
    {
        Assert.True(expected.Contains(Status), $"expected {string.Join(" or ", expected)}, got {Status}: {Text}");
        return this;
    }

    public Reply IsProblem(HttpStatusCode status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", Http.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, Code);
        return this;
    }

    JsonElement? Find(string path)
    {
        var at = Json;
        foreach (var step in path.Split('.'))
        {
            if (at.ValueKind == JsonValueKind.Array)
                at = at[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)];
            else if (!at.TryGetProperty(step, out at))
                return null;
        }
        return at;
    }
}
