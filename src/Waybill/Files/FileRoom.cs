using Waybill.Objects;
using Waybill.Settings;

namespace Waybill.Files;

static class FileRoom
{
    /// <summary>The library, and the housekeeping of the bytes behind it.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services, ObjectSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton(s => new DiskStore(settings.Path, s.GetRequiredService<ILogger<DiskStore>>()))
        .AddSingleton<ObjectSender>()
        .AddSingleton<UnrecordedObjects>()
        .AddSingleton<ByteDoor>()
        .AddSingleton<Library>()
        .AddSingleton<LibrarySearch>()
        .AddSingleton<UploadSlots>()
        .AddSingleton<FileUrls>()
        .AddSingleton<BytePorts>()
        .AddSingleton<FileUrlBytes>()
        .AddHostedService<SlotSweep>()
        .AddHostedService<ObjectSweep>()
        .AddHostedService<ObjectScrub>();

    /// <summary>What programs and apps reach over HTTP with nothing but a URL: <c>/o/f/{token}</c>.</summary>
    public static void MapFileUrls(this IEndpointRouteBuilder routes) => routes
        .Map(FileUrls.Path + "{token}", (HttpContext http, string token, FileUrlBytes bytes) => bytes.HandleAsync(http, token))
        .ExcludeFromDescription();
}
