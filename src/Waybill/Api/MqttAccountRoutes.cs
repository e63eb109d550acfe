using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>Absent rules allow nothing; without a password one is made, or stays.</summary>
sealed record MqttAccountBody(string? Password, string[]? Publish, string[]? Subscribe) : IRequestBody
{
    public void Check(Mistakes mistakes) => new MqttAccountPatch(Password, Publish, Subscribe, null).Check(mistakes);
}

/// <summary>What is absent stays.</summary>
sealed record MqttAccountPatch(string? Password, string[]? Publish, string[]? Subscribe, bool? Disabled) : IRequestBody
{
    const int MostFilters = 100;

    public void Check(Mistakes mistakes) => mistakes
        .May("password", Password, p => p.Length is >= 8 and <= 200 && !p.Any(char.IsControl), "8 to 200 characters without control characters")
        .May("publish", Publish, AreFilters, $"at most {MostFilters} {TopicFilter.Allowed}")
        .May("subscribe", Subscribe, AreFilters, $"at most {MostFilters} {TopicFilter.Allowed}");

    static bool AreFilters(string[] filters) => filters.Length <= MostFilters && filters.All(TopicFilter.IsValid);
}

sealed record MqttAccountAnswer(string Name, IReadOnlyList<string> Publish, IReadOnlyList<string> Subscribe, bool Disabled, DateTime CreatedAt, DateTime UpdatedAt)
{
    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Password { get; init; }

    public static MqttAccountAnswer Of(MqttAccount a) =>
        new(a.Name, a.Publish, a.Subscribe, a.DisabledAt is not null, Times.Utc(a.CreatedAt), Times.Utc(a.UpdatedAt));
}

static class MqttAccountRoutes
{
    const string NameRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - . and @";

    public static void MapMqttAccounts(this IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("/mqtt-accounts").WithTags("MQTT accounts");
        accounts.MapGet("", ListAsync).WithSummary("List MQTT accounts").Needing(Actions.AccountsRead).Pages();
        accounts.MapGet("/{name}", GetAsync).WithSummary("Get an MQTT account").Needing(Actions.AccountsRead);
        accounts.MapPut("/{name}", PutAsync).WithSummary("Make or replace an MQTT account; a made password is returned once; its sessions end")
            .Needing(Actions.AccountsWrite).Takes<MqttAccountBody>();
        accounts.MapPatch("/{name}", PatchAsync).WithSummary("Change, disable or enable an MQTT account; its sessions end")
            .Needing(Actions.AccountsWrite).Takes<MqttAccountPatch>();
        accounts.MapDelete("/{name}", DeleteAsync).WithSummary("Delete an MQTT account; its sessions end").Needing(Actions.AccountsWrite);
    }

    static async Task<Ok<Page<MqttAccountAnswer>>> ListAsync(HttpContext http, MqttAccounts accounts)
    {
        var ask = PageAsk.Of(http);
        var found = await accounts.ListAsync(ask.Place, ask.Limit + 1, http.RequestAborted);
        return TypedResults.Ok(ask.Page(found, MqttAccountAnswer.Of, a => a.Name));
    }

    static async Task<Ok<MqttAccountAnswer>> GetAsync(string name, HttpContext http, MqttAccounts accounts) =>
        TypedResults.Ok(MqttAccountAnswer.Of(await accounts.GetAsync(name, http.RequestAborted)));

    static async Task<Results<Ok<MqttAccountAnswer>, Created<MqttAccountAnswer>>> PutAsync(string name, HttpContext http, MqttAccounts accounts)
    {
        var mistakes = new Mistakes().Need("name", MqttAccount.IsName(name), NameRule);
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.MqttAccountBody, mistakes);
        var (account, made, password) = await accounts.PutAsync(name, new(body.Password, body.Publish, body.Subscribe, null), http.RequestAborted);
        var answer = MqttAccountAnswer.Of(account) with { Password = password };
        return made ? TypedResults.Created(http.Request.Path, answer) : TypedResults.Ok(answer);
    }

    static async Task<Ok<MqttAccountAnswer>> PatchAsync(string name, HttpContext http, MqttAccounts accounts)
    {
        var body = await JsonBody.ReadAsync(http, ApiJson.Wire.MqttAccountPatch);
        var changed = await accounts.ChangeAsync(name, new(body.Password, body.Publish, body.Subscribe, body.Disabled), http.RequestAborted);
        return TypedResults.Ok(MqttAccountAnswer.Of(changed));
    }

    static async Task<NoContent> DeleteAsync(string name, HttpContext http, MqttAccounts accounts)
    {
        await accounts.DeleteAsync(name, http.RequestAborted);
        return TypedResults.NoContent();
    }
}
