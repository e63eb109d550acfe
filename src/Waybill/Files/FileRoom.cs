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
        .AddSingleton<Library>()
        .AddHostedService<ObjectSweep>()
        .AddHostedService<ObjectScrub>();
}
