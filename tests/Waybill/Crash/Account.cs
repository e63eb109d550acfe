using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Waybill.Tests.Crash;

/// <summary>Every transfer as the API tells of it at one moment.</summary>
sealed class Account
{
    readonly HttpClient _api;
    readonly Dictionary<(string, string, string), JsonElement> _transfers = [];

    Account(HttpClient api) => _api = api;

    public static async Task<Account> ReadAsync(HttpClient api)
    {
        var account = new Account(api);
        string? after = null;
        do
        {
            using var answer = await api.GetAsync(new Uri($"/api/v1/transfers?limit=1000&after={after}", UriKind.Relative), House.Soon);
            var page = (await Reply.OfAsync(answer)).Is(HttpStatusCode.OK);
            foreach (var transfer in page.Json.GetProperty("items").EnumerateArray())
                account._transfers.Add((Text(transfer, "kind"), Text(transfer, "device"), transfer.GetProperty("file").GetProperty("name").GetString()!), transfer);
            after = page["next"];
        }
        while (after is not null);
        return account;
    }

    public JsonElement Find(string kind, string device, string name)
    {
        Assert.True(_transfers.TryGetValue((kind, device, name), out var found), $"The {kind} of {name} by {device} is gone.");
        return found;
    }

    public bool IsOpen(Granted granted) => Text(Find("upload", granted.Device, granted.Name), "state") is "pending" or "sent" or "in_progress";

    public Task<byte[]> ContentAsync(JsonElement transfer) => _api.GetByteArrayAsync(new Uri($"/api/v1/transfers/{Text(transfer, "id")}/content", UriKind.Relative), House.Soon);

    public Task<byte[]> LibraryAsync(string name) => _api.GetByteArrayAsync(new Uri($"/api/v1/products/ABCDE12345/files/{name}/1/content", UriKind.Relative), House.Soon);

    /// <summary>Nothing is recorded as stored whose bytes are not there, promised or not.</summary>
    public async Task CheckObjectsAsync()
    {
        foreach (var stored in _transfers.Values.Where(t => t.GetProperty("file").GetProperty("sha256").ValueKind == JsonValueKind.String))
            Assert.Equal(stored.GetProperty("file").GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await ContentAsync(stored))));
    }

    /// <summary>The last event of each transfer says what the transfer says.</summary>
    public Task CheckEventsAsync() => Eventually.IsAsync("the feed ends where the transfers stand", async () =>
    {
        var told = await ToldAsync();
        return _transfers.Values.All(t => told.GetValueOrDefault(Text(t, "id")) == Text(t, "state"));
    });

    async Task<Dictionary<string, string>> ToldAsync()
    {
        Dictionary<string, string> told = [];
        for (string? after = ""; ;)
        {
            using var answer = await _api.GetAsync(new Uri($"/api/v1/events?limit=1000&after={after}", UriKind.Relative), House.Soon);
            var page = (await Reply.OfAsync(answer)).Is(HttpStatusCode.OK);
            foreach (var transfer in page.Json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("transfer")))
                told[Text(transfer, "id")] = Text(transfer, "state");
            if (page["next"] == after)
                return told;
            after = page["next"];
        }
    }

    static string Text(JsonElement transfer, string name) => transfer.GetProperty(name).GetString()!;
}
