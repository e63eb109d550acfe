using Microsoft.AspNetCore.Http.Features;
using Waybill.S3;
using Waybill.Settings;

namespace Waybill.Api.Listening;

/// <summary>What comes in by a listener for S3 goes nowhere else.</summary>
static class S3Branch
{
    public static void UseS3(this IApplicationBuilder app) => app.MapWhen(
        http => http.Features.GetRequiredFeature<BoundListener>().Serves(ListenerRoles.S3), s3 => s3.RunS3());
}
