using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>Any call with a body of JSON; an empty answer is undefined.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await CheckedAsync(_http.SendAsync(request, ct), ct);
        var bytes = await answer.Content.ReadAsByteArrayAsync(ct);
        if (bytes.Length == 0)
            return default;
        using var json = JsonDocument.Parse(bytes);
        return json.RootElement.Clone();
    }

    /// <summary>An answer that goes on: its body, as it comes.</summary>
    public async Task<Stream> FollowAsync(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Accept.ParseAdd("text/event-stream");
        var answer = await CheckedAsync(_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), ct);
        return await answer.Content.ReadAsStreamAsync(ct);
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
            throw new ApiException($"{request.Method} {request.RequestUri!.PathAndQuery} was answered {(int)answer.StatusCode}: {text}") { Code = CodeOf(answer, text), Status = (int)answer.StatusCode };
        }
    }

    /// <summary>Of a problem, as the API tells them.</summary>
    static string? CodeOf(HttpResponseMessage answer, string text)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return null;
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct) =>
        await answer.Content.ReadFromJsonAsync(type, ct) ?? throw new ApiException("The API answered null.");
}

/// <summary>The API said no, or something else than it should.</summary>
sealed class ApiException(string message) : Exception(message)
{
    /// <summary>Of the refusal; null where there was none.</summary>
    public string? Code { get; init; }

    /// <summary>Of HTTP; 0 where there was none.</summary>
    public int Status { get; init; }
}

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
