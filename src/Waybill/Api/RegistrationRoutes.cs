using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;

namespace Waybill.Api;

static class RegistrationRoutes
{
    public static void MapRegistration(this IEndpointRouteBuilder api)
    {
        var registration = api.MapGroup("/products/{product}").WithTags("Registration");
        registration.MapPost("/registration-secret", SetSecretAsync)
            .WithSummary("Make or set the product secret with which devices register; a made one is returned once")
            .Needing(Actions.ProductsWrite).Takes<RegistrationSecretBody>().WithMetadata(new AnswersSecret());
        registration.MapPost("/devices/{device}/registration:open", OpenAsync)
            .WithSummary("Let a device that has signed in before register again, for a time")
            .Needing(Actions.DevicesWrite).Takes<OpenRegistrationBody>();
    }

    static async Task<Ok<RegistrationSecretAnswer>> SetSecretAsync(string product, HttpContext http, ProductSecrets secrets)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.RegistrationSecretBody);
        var overlap = TimeSpan.FromSeconds(body.OverlapSeconds ?? 0);
        var (secret, until) = await secrets.SetAsync(product, body.Secret, overlap, http.RequestAborted);
        return TypedResults.Ok(new RegistrationSecretAnswer(body.Secret is null ? secret : null, Times.Utc(until)));
    }

    static async Task<Ok<OpenRegistrationAnswer>> OpenAsync(
        string product, string device, HttpContext http, ProductRegistry products, DeviceRegistration registration)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.OpenRegistrationBody);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var until = await registration.OpenAsync(owner, device, TimeSpan.FromSeconds(body.Seconds ?? OpenRegistrationBody.Usual), http.RequestAborted);
        return TypedResults.Ok(new OpenRegistrationAnswer(Times.Utc(until)));
    }
}
