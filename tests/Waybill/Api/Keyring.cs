using System.Net;

namespace Waybill.Tests.Api;

/// <summary>Callers other than the owner.</summary>
static class Keyring
{
    public const string Product = "ABCDE12345";
    public const string Other = "OTHER67890";

    /// <summary>A new key, for these products or for all.</summary>
    public static async Task<string> KeyAsync(this House house, string role, params string[] products)
    {
        var scope = products.Length == 0 ? "" : $",\"products\":[{string.Join(',', products.Select(p => $"\"{p}\""))}]";
        return (await house.SendAsync("PUT", $"/api/v1/keys/{role}", $$"""{"role":"{{role}}"{{scope}}}""")).Is(HttpStatusCode.Created)["key"]!;
    }

    public static async Task<string> TokenAsync(this House house, string key, string device = "dev001", string actions = "files.read") =>
        (await house.ByAsync(key, "POST", "/api/v1/app-tokens", TokenBody(device, actions))).Is(HttpStatusCode.OK)["token"]!;

    public static string TokenBody(string device, string actions) =>
        $$"""{"product":"{{Product}}","devices":["{{device}}"],"actions":[{{string.Join(',', actions.Split(' ').Select(a => $"\"{a}\""))}}],"expiresIn":60}""";

    public static Task<Reply> ByAsync(this House house, string key, string method, string path, string? body = null) =>
        house.SendAsync(method, path, body, ("Authorization", $"Bearer {key}"));
}
