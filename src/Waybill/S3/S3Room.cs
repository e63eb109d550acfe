using Microsoft.AspNetCore.Http.Features;
using Waybill.Data;
using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.S3.Calls;
using Waybill.S3.Rows;
using Waybill.S3.Sts;
using Waybill.Settings;

namespace Waybill.S3;

static class S3Room
{
    /// <param name="services">Of the server.</param>
    /// <param name="settings">Of the endpoint.</param>
    /// <param name="directory">Where an owner's key pair that is not configured is kept.</param>
    /// <param name="database">Where the keys of session tokens are kept.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task AddS3Async(this IServiceCollection services, S3Settings settings, string directory, Database database, CancellationToken ct)
    {
        var (tokens, secrets) = (await database.KeyAsync("s3-session-tokens", ct), await database.KeyAsync("s3-session-secrets", ct));
        var keys = await database.KeyAsync("s3-keys", ct);
        services
            .AddSingleton(OwnerKeyPair.Open(settings.AccessKey, settings.SecretKey, directory))
            .AddSingleton(s => new SessionCredentials(new SealedText(tokens), secrets, s.GetRequiredService<TimeProvider>()))
            .AddSingleton<Revocations>()
            .AddSingleton(s => new S3KeyBook(database, keys, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<S3KeyBook>>()))
            .AddHostedService(s => s.GetRequiredService<S3KeyBook>())
            .AddSingleton<S3KeyUse>()
            .AddHostedService(s => s.GetRequiredService<S3KeyUse>())
            .AddSingleton<LastingKeys>()
            .AddSingleton(new OwnEndpoint(settings.PublicUrl))
            .AddSingleton(s => new CredentialIssuers(settings.Issuers, one => OpenIssuer(one, s)))
            .AddSingleton<S3Login>()
            .AddSingleton<S3Authentication>(s => s.GetRequiredService<S3Login>().AuthenticateAsync)
            .AddSingleton<StsDoor>()
            .AddSingleton<OutsideObjects>()
            .AddS3Calls(settings);
    }

    /// <summary>All of the endpoint but who may call: <see cref="S3Authentication"/>.</summary>
    public static IServiceCollection AddS3Calls(this IServiceCollection services, S3Settings settings) => services
        .AddSingleton(settings)
        .AddSingleton<Buckets>()
        .AddSingleton<ObjectIndex>()
        .AddSingleton<UploadRows>()
        .AddSingleton<KeyLists>()
        .AddSingleton<BucketList>()
        .AddSingleton<ObjectList>()
        .AddSingleton<BodyReceiving>()
        .AddSingleton<CopySource>()
        .AddSingleton<Assembly>()
        .AddSingleton<Completion>()
        .AddSingleton<BucketCalls>()
        .AddSingleton<ListCalls>()
        .AddSingleton<ObjectCalls>()
        .AddSingleton<CopyCalls>()
        .AddSingleton<UploadCalls>()
        .AddSingleton<S3Calls>()
        .AddSingleton<S3Door>()
        .AddHostedService<AbandonedUploads>();

    static ICredentialIssuer OpenIssuer(IssuerSettings settings, IServiceProvider services) => settings.Kind switch
    {
        StorageKind.Aws => new AwsIssuer(settings, "aws"),
        StorageKind.Minio => new AwsIssuer(settings, "minio"),
        StorageKind.Ali => new AliIssuer(settings, services.GetRequiredService<TimeProvider>()),
        _ => new OwnIssuer(settings, services.GetRequiredService<OwnEndpoint>(), services.GetRequiredService<SessionCredentials>()),
    };

    /// <summary>Answers every request that comes here.</summary>
    public static void RunS3(this IApplicationBuilder app)
    {
        var door = app.ApplicationServices.GetRequiredService<S3Door>();
        var sts = app.ApplicationServices.GetService<StsDoor>();
        app.Run(http =>
        {
            // bounded by the endpoint itself, in S3's words
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            return sts is not null && StsDoor.IsMeant(http.Request) ? sts.HandleAsync(http) : door.HandleAsync(http);
        });
    }
}
