using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Waybill.Api.Listening;
using Waybill.Devices;
using Waybill.Settings;

namespace Waybill.Api.Tencent;

/// <summary>Where a caller finds <c>/o/…</c>: the public base, or the address he reached us at where that serves it.</summary>
sealed class CallerUrlBase(WaybillSettings settings, DeviceUrlBase devices)
{
    public string Of(HttpContext http)
    {
        if (settings.PublicUrl is { } url)
            return url;
        return http.Request.Host.HasValue && http.Features.GetRequiredFeature<BoundListener>().Serves(ListenerRoles.Devices)
            ? $"{http.Request.Scheme}://{http.Request.Host}"
            : devices.For(http.Connection.LocalIpAddress ?? IPAddress.Loopback);
    }
}
