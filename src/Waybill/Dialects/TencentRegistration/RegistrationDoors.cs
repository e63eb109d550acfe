using Waybill.Protocols.TencentRegistration;

namespace Waybill.Dialects.TencentRegistration;

static class RegistrationDoors
{
    public static IServiceCollection AddRegistrationDoors(this IServiceCollection services) => services
        .AddSingleton<RegistrationLimits>()
        .AddSingleton<RegistrationMeter>()
        .AddSingleton<RegistrationDoor>();

    /// <summary>What devices reach over HTTP before they have a secret.</summary>
    public static void MapRegistrationDoors(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(RegistrationPaths.Parameters, (HttpContext http, RegistrationDoor door) => door.HandleAsync(http, RegistrationForm.Parameters))
            .ExcludeFromDescription();
        routes.MapPost(RegistrationPaths.Headers, (HttpContext http, RegistrationDoor door) => door.HandleAsync(http, RegistrationForm.Headers))
            .ExcludeFromDescription();
    }
}
