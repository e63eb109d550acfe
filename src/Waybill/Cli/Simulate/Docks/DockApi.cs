using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waybill.Protocols.DjiCloud;

namespace Waybill.Cli.Simulate.Docks;

/// <summary>The calls of the REST API that docks need made for them, as any program would make them.</summary>
sealed class DockApi(ApiClient api, DockPlan plan)
{
    public const string Package = "dock-firmware.zip";

    static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(100);

    string Product => "products/" + plan.Product;

    public async Task PrepareAsync(CancellationToken ct)
    {
        var dji = new JsonObject { ["appId"] = "100000", ["appKey"] = "simulated", ["appLicense"] = "simulated" };
        await api.AskAsync(HttpMethod.Put, Product, new JsonObject { ["name"] = "Simulated docks", ["dialects"] = new JsonArray("dji"), ["dji"] = dji }, ct);
        await api.AskAsync(HttpMethod.Put, $"{Product}/organizations/{DockPlan.Organization}", new JsonObject { ["name"] = "Simulation", ["bindingCode"] = DockPlan.BindingCode }, ct);
        for (var i = 0; i < plan.Docks; i++)
            await api.AskAsync(HttpMethod.Put, $"{Product}/devices/{DockPlan.DockSn(i)}", new JsonObject { ["secret"] = plan.Secret }, ct);
        await api.PutFileAsync(plan.Product, $"{plan.Run}-{Package}", new PatternContent(plan.Seed, plan.MostSize), ct);
    }

    public Task<JsonElement> ArrivalAsync(string sn, CancellationToken ct) => api.AskAsync(HttpMethod.Get, $"{Product}/devices/{sn}/arrival", null, ct);

    public async Task<string> OrderLogsAsync(string sn, IEnumerable<string> modules, CancellationToken ct)
    {
        var order = new JsonObject { ["product"] = plan.Product, ["gateway"] = sn, ["modules"] = new JsonArray([.. modules.Select(m => JsonValue.Create(m))]) };
        return Id(await api.AskAsync(HttpMethod.Post, "logs", order, ct));
    }

    /// <summary>Everything that the lists offer.</summary>
    public Task ChooseAllAsync(string id, JsonElement request, CancellationToken ct)
    {
        var files = request.GetProperty("lists").EnumerateArray().Where(l => l.GetProperty("files").GetArrayLength() > 0).Select(l => (JsonNode)new JsonObject
        {
            ["module"] = l.GetProperty("module").GetString(),
            ["bootIndexes"] = new JsonArray([.. l.GetProperty("files").EnumerateArray().Select(f => JsonValue.Create(f.GetProperty("bootIndex").GetInt64()))]),
        });
        return api.AskAsync(HttpMethod.Post, $"logs/{id}/upload", new JsonObject { ["files"] = new JsonArray([.. files]) }, ct);
    }

    public async Task<string> OrderUpgradeAsync(string sn, IEnumerable<string> devices, string version, CancellationToken ct)
    {
        var targets = devices.Select(d => (JsonNode)new JsonObject
        {
            ["sn"] = d,
            ["file"] = new JsonObject { ["name"] = $"{plan.Run}-{Package}", ["version"] = SimulatedTransfer.Version },
            ["version"] = version,
            ["type"] = (int)DjiUpgradeType.Normal,
        });
        return Id(await api.AskAsync(HttpMethod.Post, "upgrades", new JsonObject { ["product"] = plan.Product, ["gateway"] = sn, ["devices"] = new JsonArray([.. targets]) }, ct));
    }

    public Task UnbindAsync(string sn, CancellationToken ct) => api.AskAsync(HttpMethod.Delete, $"{Product}/bindings/{sn}", null, ct);

    /// <summary>Looks until it is seen.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSeen, CancellationToken ct)
    {
        while (true)
        {
            var seen = await api.AskAsync(HttpMethod.Get, path, null, ct);
            if (isSeen(seen))
                return seen;
            await Task.Delay(s_glance, ct);
        }
    }

    public async Task<int> FilesAsync(string sn, string name, CancellationToken ct)
    {
        var page = await api.AskAsync(HttpMethod.Get, $"{Product}/devices/{sn}/files?limit=1000", null, ct);
        return page.GetProperty("items").EnumerateArray().Count(f => f.GetProperty("name").GetString() == name);
    }

    static string Id(JsonElement made) => made.GetProperty("id").GetString()!;
}

/// <summary>Jobs as the API shows them.</summary>
static class ShownJobs
{
    public static string State(this JsonElement job) => job.GetProperty("state").GetString()!;

    public static bool IsOver(this JsonElement job) => job.State() is "ok" or "failed" or "rejected" or "canceled" or "timeout";

    public static int Percent(this JsonElement job) => job.GetProperty("percent").GetInt32();

    public static long? Code(this JsonElement job) => job.GetProperty("code") is { ValueKind: JsonValueKind.Number } code ? code.GetInt64() : null;

    /// <summary>In words, for whoever wonders.</summary>
    public static string Words(this JsonElement job) =>
        string.Join(", ", new[] { job.State(), job.Text("step"), job.Code()?.ToString(CultureInfo.InvariantCulture), job.Text("reason") }.OfType<string>());

    public static string? Text(this JsonElement element, string name) => element.TryGetProperty(name, out var text) ? text.GetString() : null;
}
