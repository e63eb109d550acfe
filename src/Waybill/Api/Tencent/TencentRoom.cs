namespace Waybill.Api.Tencent;

/// <summary>Tencent's two HTTP APIs for existing code: the one for apps, and the cloud's.</summary>
static class TencentRoom
{
    public static IServiceCollection AddTencentApi(this IServiceCollection services) => services
        .AddSingleton<TencentDoor>()
        .AddSingleton<CallerUrlBase>()
        .AddSingleton<NamedDevices>()
        .AddSingleton<UserFiles>()
        .AddSingleton<UserFileUrls>()
        .AddSingleton<AppUploads>()
        .AddSingleton<AppResources>()
        .AddSingleton<AppActions>()
        .AddSingleton<AppDoor>()
        .AddSingleton<UploadedFileUrls>()
        .AddSingleton<CloudDeviceResources>()
        .AddSingleton<CloudProductResources>()
        .AddSingleton<CloudTasks>()
        .AddSingleton<CloudActions>()
        .AddSingleton<Tc3Callers>()
        .AddSingleton<CloudDoor>();

    /// <summary>They ask for their own proof of who calls, within the request.</summary>
    public static void MapTencentApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(AppDoor.Path, (HttpContext http, AppDoor door) => door.HandleAsync(http)).ExcludeFromDescription();
        routes.MapPost("/", (HttpContext http, CloudDoor door) => door.HandleAsync(http)).ExcludeFromDescription();
    }
}
