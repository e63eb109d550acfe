using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;
using Waybill.Devices.Gateways;

namespace Waybill.Api;

/// <summary>Absent code: one is made, or stays.</summary>
sealed record OrganizationBody(string? Name, string? BindingCode) : IRequestBody
{
    const string IdRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - and .";
    const string CodeRule = "4 to 64 printable ASCII characters without spaces";

    public void Check(Mistakes mistakes) => mistakes
        .Need("name", Name is not null && ProductRules.IsTitle(Name), ProductRules.Title)
        .May("bindingCode", BindingCode, c => c.Length is >= 4 and <= 64 && c.All(l => l is > ' ' and <= '~'), CodeRule);

    public static Mistakes CheckId(string id) =>
        new Mistakes().Need("organization", id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'), IdRule);
}

sealed record OrganizationAnswer(string Organization, string Name, bool BindingCodeSet, DateTime CreatedAt, DateTime UpdatedAt)
{
    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BindingCode { get; init; }

    public static OrganizationAnswer Of(KnownOrganization o) => new(o.Id, o.Name, true, Times.Utc(o.CreatedAt), Times.Utc(o.UpdatedAt));
}

sealed record BindingAnswer(string Sn, string Organization, string OrganizationName, string Callsign, DateTime BoundAt)
{
    public static BindingAnswer Of(KnownBinding b) => new(b.Sn, b.OrganizationId, b.OrganizationName, b.Callsign, Times.Utc(b.BoundAt));
}

static class OrganizationRoutes
{
    public static void MapOrganizations(this IEndpointRouteBuilder api)
    {
        var organizations = api.MapGroup("/products/{product}/organizations").WithTags("Organizations");
        organizations.MapGet("", ListAsync).WithSummary("List the organizations that docks of a product may be bound to").Needing(Actions.ProductsRead).Pages();
        organizations.MapGet("/{organization}", GetAsync).WithSummary("Get an organization").Needing(Actions.ProductsRead);
        organizations.MapPut("/{organization}", PutAsync).WithSummary("Make or rename an organization, or set its binding code; a made code is returned once")
            .Needing(Actions.ProductsWrite).Takes<OrganizationBody>();
        organizations.MapDelete("/{organization}", DeleteAsync).WithSummary("Delete an organization with its bindings").Needing(Actions.ProductsWrite);
        var bindings = api.MapGroup("/products/{product}/bindings").WithTags("Organizations");
        bindings.MapGet("", BindingsAsync).WithSummary("List what is bound to an organization: docks and aircraft, by serial number").Needing(Actions.ProductsRead).Pages();
        bindings.MapDelete("/{sn}", UnbindAsync).WithSummary("Delete a binding: the dock asks to be bound again").Needing(Actions.ProductsWrite);
    }

    static async Task<Ok<Page<OrganizationAnswer>>> ListAsync(string product, HttpContext http, ProductRegistry products, Organizations organizations)
    {
        var ask = PageAsk.Of(http);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var found = await organizations.ListAsync(owner, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, OrganizationAnswer.Of, o => o.Id));
    }

    static async Task<Ok<OrganizationAnswer>> GetAsync(string product, string organization, HttpContext http, ProductRegistry products, Organizations organizations)
    {
        var owner = await products.GetAsync(product, http.RequestAborted);
        return TypedResults.Ok(OrganizationAnswer.Of(await organizations.GetAsync(owner, organization, http.RequestAborted)));
    }

    static async Task<Results<Ok<OrganizationAnswer>, Created<OrganizationAnswer>>> PutAsync(
        string product, string organization, HttpContext http, ProductRegistry products, Organizations organizations)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.OrganizationBody, OrganizationBody.CheckId(organization));
        var owner = DjiRules.Demand(await products.GetAsync(product, http.RequestAborted));
        var (put, made, code) = await organizations.PutAsync(owner, organization, body.Name!, body.BindingCode, http.RequestAborted);
        var answer = OrganizationAnswer.Of(put) with { BindingCode = code };
        return made ? TypedResults.Created(http.Request.Path, answer) : TypedResults.Ok(answer);
    }

    static async Task<NoContent> DeleteAsync(string product, string organization, HttpContext http, ProductRegistry products, Organizations organizations)
    {
        await organizations.DeleteAsync(await products.GetAsync(product, http.RequestAborted), organization, http.RequestAborted);
        return TypedResults.NoContent();
    }

    static async Task<Ok<Page<BindingAnswer>>> BindingsAsync(string product, HttpContext http, ProductRegistry products, Bindings bindings)
    {
        var ask = PageAsk.Of(http);
        var owner = await products.GetAsync(product, http.RequestAborted);
        var found = await bindings.ListAsync(owner, ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, BindingAnswer.Of, b => b.Sn));
    }

    static async Task<NoContent> UnbindAsync(string product, string sn, HttpContext http, ProductRegistry products, Bindings bindings)
    {
        await bindings.DeleteAsync(await products.GetAsync(product, http.RequestAborted), sn, http.RequestAborted);
        return TypedResults.NoContent();
    }
}
