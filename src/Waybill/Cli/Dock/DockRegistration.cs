using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waybill.Cli.Simulate;

namespace Waybill.Cli.Dock;

/// <summary>What must be typed. Secrets are there only when they were made or given now: the server shows none again.</summary>
sealed record TypedIntoPilot(DockAsk Ask, string OrganizationName, string? Password, string? BindingCode)
{
    public override string ToString() => Ask.ToString();
}

/// <summary>Makes what is missing: product, organization, dock. Run again it changes nothing that was not asked for.</summary>
sealed class DockRegistration(DockAsk ask, ApiClient api)
{
    const int NotFound = (int)HttpStatusCode.NotFound;

    string Product => $"products/{ask.Product}";

    /// <summary>Its own, or the server's.</summary>
    public async Task<bool> HasLicenceAsync(CancellationToken ct)
    {
        await EnsureProductAsync(ct);
        var check = await api.AskAsync(HttpMethod.Get, Product + "/check", null, ct);
        return check.GetProperty("checks").EnumerateArray().All(c => c.GetProperty("check").GetString() != "licence" || c.GetProperty("ok").GetBoolean());
    }

    public async Task<TypedIntoPilot> RunAsync(CancellationToken ct)
    {
        await EnsureProductAsync(ct);
        if (ask.Licence is { } licence)
        {
            var dji = new JsonObject { ["appId"] = licence.AppId, ["appKey"] = licence.AppKey, ["appLicense"] = licence.AppLicense };
            await api.AskAsync(HttpMethod.Patch, Product, new JsonObject { ["dji"] = dji }, ct);
        }
        var (name, code) = await OrganizationAsync(ct);
        return new(ask, name, await PasswordAsync(ct), code);
    }

    async Task EnsureProductAsync(CancellationToken ct)
    {
        if (await FindAsync(Product, ct) is not { } found)
            await api.AskAsync(HttpMethod.Put, Product, new JsonObject { ["name"] = ask.Product, ["dialects"] = new JsonArray("dji") }, ct);
        else if (!found.GetProperty("dialects").EnumerateArray().Any(d => d.GetString() == "dji"))
            throw new ApiException($"The product '{ask.Product}' has no docks: give another with --product, or add \"dji\" to its dialects.");
    }

    async Task<(string Name, string? Code)> OrganizationAsync(CancellationToken ct)
    {
        var path = $"{Product}/organizations/{ask.Organization}";
        var found = await FindAsync(path, ct);
        var name = ask.OrganizationName ?? found?.GetProperty("name").GetString() ?? ask.Organization;
        if (found is not null && ask is { OrganizationName: null, BindingCode: null })
            return (name, null);
        var body = new JsonObject { ["name"] = name };
        if (ask.BindingCode is { } given)
            body["bindingCode"] = given;
        var put = await api.AskAsync(HttpMethod.Put, path, body, ct);
        return (name, ask.BindingCode ?? Text(put, "bindingCode"));
    }

    async Task<string?> PasswordAsync(CancellationToken ct)
    {
        var path = $"{Product}/devices/{ask.Sn}";
        var isNew = await FindAsync(path, ct) is null;
        if (ask.Secret is null && !isNew && !ask.WantsNewSecret)
            return null;
        var secret = ask.Secret ?? TypedText.New();
        var body = new JsonObject { ["secret"] = secret };
        // no time in which both passwords are good: the old one is lost
        await (isNew || !ask.WantsNewSecret
            ? api.AskAsync(HttpMethod.Put, path, body, ct)
            : api.AskAsync(HttpMethod.Post, path + "/secret:rotate", new JsonObject { ["secret"] = secret, ["overlapSeconds"] = 0 }, ct));
        return secret;
    }

    async Task<JsonElement?> FindAsync(string path, CancellationToken ct)
    {
        try
        {
            return await api.AskAsync(HttpMethod.Get, path, null, ct);
        }
        catch (ApiException e) when (e.Status == NotFound)
        {
            return null;
        }
    }

    static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var text) ? text.GetString() : null;
}
