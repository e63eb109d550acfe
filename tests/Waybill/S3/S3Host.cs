using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Waybill.Data;
using Waybill.Events;
using Waybill.Objects;
using Waybill.Quotas;
using Waybill.S3;
using Waybill.Settings;
using Xunit;

namespace Waybill.Tests.S3;

/// <summary>The calls of the S3 endpoint on a real server. Everyone is let in and keys under <c>closed/</c> are nobody's, unless signatures are asked for.</summary>
sealed class S3Host : IAsyncDisposable
{
    readonly string directory;
    readonly string? postgres;
    readonly Database database;
    readonly WebApplication app;

    S3Host(string path, string? server, Database data, WebApplication web, DiskStore store)
    {
        (this.directory, this.postgres, this.database, this.app) = (path, server, data, web);
        (Store, Http) = (store, new HttpClient { BaseAddress = new(app.Urls.First()) });
    }

    public HttpClient Http { get; }

    public DiskStore Store { get; }

    public Database Database => database;

    public static async Task<S3Host> StartAsync(S3Settings? settings = null, TimeProvider? clock = null, bool signed = false)
    {
        var path = Directory.CreateTempSubdirectory("waybill-s3-").FullName;
        var server = await House.FreshPostgresAsync();
        var data = Database.Open(server, path);
        await data.MigrateAsync(House.Soon);
        var store = new DiskStore(Path.Join(path, "store"), NullLogger<DiskStore>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store).AddSingleton(data).AddSingleton<Ids>().AddSingleton<UnrecordedObjects>()
            .AddSingleton(clock ?? TimeProvider.System)
            .AddSingleton<UploadRuleBook>().AddSingleton<UploadRefusals>().AddSingleton<ObjectAllowances>().AddSingleton<ObjectRemoval>();
        builder.Services.AddSingleton<EventRows>(data is SqliteDatabase ? new SqliteEventRows() : new PostgresEventRows());
        settings ??= new() { SmallestPart = 1000 };
        if (signed)
            await builder.Services.AddS3Async(settings, path, data, House.Soon);
        else
            builder.Services.AddSingleton<S3Authentication>(AuthenticateAsync).AddS3Calls(settings);
        var web = builder.Build();
        web.RunS3();
        await web.StartAsync(House.Soon);
        return new(path, server, data, web, store);
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Every object's row that nothing refers to.</summary>
    public async Task<long> UnusedAsync() =>
        await Database.FirstAsync<long>("select count(*) from objects where unused_at is not null", null, House.Soon);

    /// <summary>No upload in parts can end meanwhile: its row is another transaction's.</summary>
    public async Task<T> WhileUploadsAreHeldAsync<T>(Func<Task<T>> work)
    {
        var (held, over) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var holding = Database.WriteAsync(
            async db =>
            {
                var rows = await db.RunAsync("update s3_uploads set created_at = created_at");
                held.SetResult();
                await over.Task;
                return rows;
            },
            House.Soon);
        await held.Task.WaitAsync(House.Soon);
        try
        {
            return await work();
        }
        finally
        {
            over.SetResult();
            await holding;
        }
    }

    public Task<S3Reply> GetAsync(string target, params (string Name, string Value)[] headers) => SendAsync("GET", target, null, headers);

    public Task<S3Reply> PutAsync(string target, byte[] body, params (string Name, string Value)[] headers) => SendAsync("PUT", target, body, headers);

    public async Task<S3Reply> SendAsync(string method, string target, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(Http.BaseAddress!.OriginalString.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null || method is "PUT" or "POST")
            request.Content = new ByteArrayContent(body ?? []);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request, House.Soon);
        return await S3Reply.OfAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
        Store.Dispose();
        if (postgres is not null)
            await House.DropPostgresAsync(postgres);
        Directory.Delete(directory, recursive: true);
    }

    static ValueTask<S3Caller> AuthenticateAsync(HttpContext http, S3Address address)
    {
        Sha256Digest? signed = Sha256Digest.TryParse(http.Request.Headers["x-amz-content-sha256"].ToString(), out var digest) ? digest : null;
        var payload = new S3Payload(http.Request.BodyReader, http.Request.ContentLength, signed);
        return new(new S3Caller("tester", (_, _, key) => !key.StartsWith("closed/", StringComparison.Ordinal), payload));
    }
}

sealed record S3Reply(HttpStatusCode Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public static async Task<S3Reply> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(House.Soon),
        response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));

    public string Text => Encoding.UTF8.GetString(Body);

    public XElement Xml => XElement.Parse(Text);

    public string this[string header] => Headers[header];

    /// <summary>The texts of every element of that name.</summary>
    public string[] Values(string element) => [.. Xml.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value)];

    public string Value(string element) => Assert.Single(Values(element));

    public S3Reply Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"{(int)Status}: {Text}");
        return this;
    }

    /// <summary>It was refused with this code.</summary>
    public void Is(HttpStatusCode status, string code)
    {
        Is(status);
        Assert.Equal(code, Value("Code"));
        Assert.Equal(Headers["x-amz-request-id"], Value("RequestId"));
    }
}
