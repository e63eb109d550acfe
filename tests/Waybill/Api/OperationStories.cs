using System.Net;
using Xunit;

namespace Waybill.Tests.Api;

public sealed class OperationStories
{
    [Fact]
    public async Task Health_readiness_metrics_and_a_first_page_need_no_key()
    {
        await using var house = await House.StartAsync();
        house.Api.DefaultRequestHeaders.Authorization = null;
        (await house.SendAsync("GET", "/healthz")).Is(HttpStatusCode.OK);
        Assert.Equal("ok", (await house.SendAsync("GET", "/readyz")).Is(HttpStatusCode.OK)["status"]);
        Assert.Contains("/api/v1", (await house.SendAsync("GET", "/")).Is(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        var metrics = (await house.SendAsync("GET", "/metrics")).Is(HttpStatusCode.OK).Text;
        Assert.Contains("# TYPE kestrel_active_connections gauge\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_describes_every_operation_with_its_problems_and_its_key()
    {
        await using var house = await House.StartAsync();
        var document = (await house.SendAsync("GET", "/openapi/v1.json")).Is(HttpStatusCode.OK).Json;
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());
        var paths = document.GetProperty("paths").EnumerateObject().ToList();
        foreach (var path in (string[])["/api/v1/products/{product}/devices:import", "/api/v1/products/{product}/devices/{device}/files/{name}/{version}", "/api/v1/transfers/{id}/cancel"])
            Assert.Contains(paths, p => p.Name == path);
        foreach (var operation in paths.Where(p => p.Name.StartsWith("/api/", StringComparison.Ordinal)).SelectMany(p => p.Value.EnumerateObject()))
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out _));
            var key = operation.Value.GetProperty("security")[0].EnumerateObject().Single();
            Assert.Equal("bearer", key.Name);
            Assert.StartsWith($"Needs {key.Value[0]}: owner", operation.Value.GetProperty("description").GetString()!, StringComparison.Ordinal);
            if (operation.Name is "put" or "patch")
                Assert.True(operation.Value.TryGetProperty("requestBody", out _));
        }
        Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty("TransferBody", out _));
        Assert.All(
            document.GetRawText().Split("#/components/schemas/").Skip(1).Select(r => r[..r.IndexOf('"', StringComparison.Ordinal)]),
            name => Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty(name, out _), name));
        var read = document.GetProperty("paths").GetProperty("/api/v1/products/{product}/devices/{device}/files/{name}/{version}/content").GetProperty("get");
        Assert.Equal("content.read", read.GetProperty("security")[1].GetProperty("appToken")[0].GetString());
        Assert.Single(document.GetProperty("paths").GetProperty("/api/v1/keys/{name}").GetProperty("get").GetProperty("security").EnumerateArray());
    }
}
