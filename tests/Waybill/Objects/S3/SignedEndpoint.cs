using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Waybill.Data;
using Waybill.Objects;
using Waybill.Objects.S3Endpoint.Credentials;
using Waybill.Objects.S3Endpoint.Signing;
using Waybill.Tests.Mqtt;

namespace Waybill.Tests.Objects.S3;

/// <summary>A server that admits who signs, takes bodies, and answers AssumeRole: only what is needed to have a real SDK sign.</summary>
sealed class SignedEndpoint : IAsyncDisposable
{
    readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("waybill-signed-");
    readonly Database database;
    readonly S3Login login;
    readonly WebApplication app;

    SignedEndpoint(Database database, SessionCredentials sessions, HandClock clock)
    {
        (this.database, Sessions, Clock) = (database, sessions, clock);
        Owner = OwnerKeyPair.Open(null, null, directory.FullName);
        Revocations = new Revocations(database, clock);
        login = new S3Login(Owner, sessions, Revocations, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(HandleAsync);
    }

    public string Url => app.Urls.Single();

    public OwnerKeyPair Owner { get; }

    public SessionCredentials Sessions { get; }

    public Revocations Revocations { get; }

    public HandClock Clock { get; }

    /// <summary>The last body that came whole and true.</summary>
    public byte[]? Body { get; private set; }

    public PayloadKind? Kind { get; private set; }

    public string? Checksum { get; private set; }

    public static async Task<SignedEndpoint> StartAsync()
    {
        var clock = new HandClock(DateTimeOffset.UtcNow);
        var database = Database.Open(Environment.GetEnvironmentVariable("WAYBILL_TEST_POSTGRES"), Directory.CreateTempSubdirectory("waybill-signed-db-").FullName);
        await database.MigrateAsync(TestContextToken);
        var endpoint = new SignedEndpoint(database, await SessionCredentials.OpenAsync(database, clock, TestContextToken), clock);
        await endpoint.app.StartAsync(TestContextToken);
        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await database.DisposeAsync();
        directory.Delete(recursive: true);
    }

    static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;

    async Task HandleAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await ReadAllAsync(http.Request.BodyReader, http.RequestAborted) : null;
        var request = IncomingRequest.Of(http.Request) with { BodyHash = form is null ? null : StoreDirectory.Sha256(form) };
        var (caller, refusal) = await login.AdmitAsync(request, http.RequestAborted);
        if (caller is null)
            await RefuseAsync(http, refusal!, form is not null);
        else if (form is not null)
            await AssumeRoleAsync(http, Encoding.UTF8.GetString(form), caller);
        else
            await TakeAsync(http, caller);
    }

    async Task AssumeRoleAsync(HttpContext http, string form, SignedCaller caller)
    {
        var (ask, refusal) = AssumeRole.Read(form);
        SessionCredential? credential = null;
        if (ask is not null)
            (credential, refusal) = ask.Grant(caller, Sessions);
        if (credential is null)
            await RefuseAsync(http, refusal!, sts: true);
        else
            await http.Response.WriteAsync(StsAnswer.Granted(ask!, credential, "request"));
    }

    async Task TakeAsync(HttpContext http, SignedCaller caller)
    {
        try
        {
            var path = Uri.UnescapeDataString(IncomingRequest.Of(http.Request).Path).Split('/', 3);
            if (!caller.Rights.Allow(http.Request.Method == "GET" ? S3Actions.GetObject : S3Actions.PutObject, path[1], path[2]))
                throw new RefusedException("AccessDenied", "Access Denied");
            var (body, refusal) = SignedBody.Open(http.Request.BodyReader, http.Request.Headers, caller.Signature);
            using var opened = body ?? throw refusal!.Exception();
            (Kind, Body) = (caller.Signature.Claim.Payload.Kind, await ReadAllAsync(opened.Bytes, http.RequestAborted));
            Checksum = opened.TrailingChecksum;
            http.Response.Headers.ETag = "\"d41d8cd98f00b204e9800998ecf8427e\"";
        }
        catch (RefusedException refusal)
        {
            await RefuseAsync(http, new(refusal.Code, refusal.Message), sts: false);
        }
    }

    static async Task<byte[]> ReadAllAsync(System.IO.Pipelines.PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted)
                return read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    static Task RefuseAsync(HttpContext http, S3Refusal refusal, bool sts)
    {
        http.Response.StatusCode = 403;
        return http.Response.WriteAsync(sts ? StsAnswer.Refused(refusal, "request") : $"<Error><Code>{refusal.Code}</Code><Message>{refusal.Text}</Message></Error>");
    }
}
