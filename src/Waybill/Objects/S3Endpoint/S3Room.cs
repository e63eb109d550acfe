using Microsoft.AspNetCore.Http.Features;
using Waybill.Objects.S3Endpoint.Calls;
using Waybill.Objects.S3Endpoint.Rows;

namespace Waybill.Objects.S3Endpoint;

static class S3Room
{
    /// <summary>All of the endpoint but who may call: <see cref="S3Authentication"/>.</summary>
    public static IServiceCollection AddS3(this IServiceCollection services, S3Settings settings) => services
        .AddSingleton(settings)
        .AddSingleton<Buckets>()
        .AddSingleton<ObjectIndex>()
        .AddSingleton<UploadRows>()
        .AddSingleton<KeyLists>()
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

    /// <summary>Answers every request that comes here.</summary>
    public static void RunS3(this IApplicationBuilder app)
    {
        var door = app.ApplicationServices.GetRequiredService<S3Door>();
        app.Run(http =>
        {
            // bounded by the endpoint itself, in S3's words
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            return door.HandleAsync(http);
        });
    }
}
