using Microsoft.AspNetCore.Http.Features;
using Waybill.Protocols.TencentRegistration;
using Waybill.Settings;
using Waybill.Transfers;

namespace Waybill.Api.Listening;

/// <summary>A listener without the role for a path does not know that path.</summary>
static class RoleGate
{
    /// <summary>MQTT over WebSocket.</summary>
    public const string MqttPath = "/mqtt";

    static readonly PathString[] s_devices = [DeviceUrls.Path.TrimEnd('/'), RegistrationPaths.Parameters, RegistrationPaths.Headers];

    public static void UseRoleGate(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var listener = http.Features.GetRequiredFeature<BoundListener>();
        // MQTT is for devices and for applications
        if (listener.Serves(IsForDevices(http.Request.Path) ? ListenerRoles.Devices : ListenerRoles.Api) || http.Request.Path == MqttPath)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentLength = 0;
        return Task.CompletedTask;
    });

    static bool IsForDevices(PathString path)
    {
        foreach (var start in s_devices)
        {
            if (path.StartsWithSegments(start, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
