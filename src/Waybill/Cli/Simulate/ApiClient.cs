using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Waybill.Cli.Simulate;

/// <summary>The calls of the REST API that a simulation makes, as any program would make them.</summary>
sealed class ApiClient : IDisposable
{
    const int PageSize = 1000;

    readonly HttpClient _http;

    public ApiClient(Uri server, string key)
    {
        // Orders of many devices at once wait for a connection rather than open one each
        _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 16 }) { BaseAddress = new(server, "/api/v1/") };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    }

    public Uri Server => new(_http.BaseAddress!, "/");

    public async Task PutProductAsync(string product, string name, IReadOnlyList<string> dialects, CancellationToken ct)
    {
        using var body = JsonContent.Create(new ProductBody(name, dialects), ApiWire.Default.ProductBody);
        using var answer = await CheckedAsync(_http.PutAsync(new Uri($"products/{product}", UriKind.Relative), body, ct), ct);
    }

    public async Task ImportDevicesAsync(string product, IEnumerable<string> devices, string secret, CancellationToken ct)
    {
        var csv = new StringBuilder("name,secret\n");
        foreach (var device in devices)
            csv.Append(device).Append(',').Append(secret).Append('\n');
        using var body = new StringContent(csv.ToString(), Encoding.UTF8, "text/csv");
        using var answer = await CheckedAsync(_http.PostAsync(new Uri($"products/{product}/devices:import", UriKind.Relative), body, ct), ct);
        var result = await ReadAsync(answer, ApiWire.Default.ImportAnswer, ct);
        if (result.Failed is [var first, ..])
            throw new ApiException($"{result.Failed.Count} devices could not be made; line {first.Line}: {first.Reason}");
    }

    public async Task PutFileAsync(string product, string name, PatternContent content, CancellationToken ct)
    {
        using var body = new StreamContent(new PatternStream(content, content.Size));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await CheckedAsync(_http.PutAsync(new Uri($"products/{product}/files/{name}/{SimulatedTransfer.Version}?type=FILE", UriKind.Relative), body, ct), ct);
    }

    /// <summary>Orders a download or removal and gives the transfer's id.</summary>
    public async Task<string> OrderAsync(string kind, string product, string device, string file, CancellationToken ct)
    {
        var order = new OrderBody(kind, product, device, new(file, SimulatedTransfer.Version));
        using var body = JsonContent.Create(order, ApiWire.Default.OrderBody);
        using var answer = await CheckedAsync(_http.PostAsync(new Uri("transfers", UriKind.Relative), body, ct), ct);
        return (await ReadAsync(answer, ApiWire.Default.ApiTransfer, ct)).Id;
    }

    /// <summary>One page of the product's transfers, the newest first.</summary>
    public async Task<ApiPage> TransfersAsync(string product, string? after, CancellationToken ct)
    {
        var query = $"transfers?product={product}&limit={PageSize}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}";
        using var answer = await CheckedAsync(_http.GetAsync(new Uri(query, UriKind.Relative), ct), ct);
        return await ReadAsync(answer, ApiWire.Default.ApiPage, ct);
    }

    public void Dispose() => _http.Dispose();

    static async Task<HttpResponseMessage> CheckedAsync(Task<HttpResponseMessage> sending, CancellationToken ct)
    {
        var answer = await sending;
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
        {
            var request = answer.RequestMessage!;
            var text = await answer.Content.ReadAsStringAsync(ct);
            throw new ApiException($"{request.Method} {request.RequestUri!.PathAndQuery} was answered {(int)answer.StatusCode}: {text}");
        }
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct) =>
        await answer.Content.ReadFromJsonAsync(type, ct) ?? throw new ApiException("The API answered null.");
}

/// <summary>The API said no, or something else than it should.</summary>
sealed class ApiException(string message) : Exception(message);

sealed record ProductBody(string Name, IReadOnlyList<string> Dialects);

sealed record ImportAnswer(IReadOnlyList<ImportFailure> Failed);

sealed record ImportFailure(int Line, string Reason);

sealed record OrderBody(string Kind, string Product, string Device, OrderedFile File);

sealed record OrderedFile(string Name, string Version);

sealed record ApiPage(IReadOnlyList<ApiTransfer> Items, string? Next);

sealed record ApiTransfer(string Id, string Kind, string Device, ApiFile File, string State, string? Step, string? Reason);

sealed record ApiFile(string Name, long? Size, string? Md5);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProductBody))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(ApiPage))]
sealed partial class ApiWire : JsonSerializerContext;
