using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Waybill.Devices;

namespace Waybill.Api;

/// <summary>Query values of a list, for the document.</summary>
sealed record ListQuery(IReadOnlyList<string> Filters);

/// <summary>Query values that an operation needs, for the document.</summary>
sealed record NamedBy(IReadOnlyList<string> Names);

/// <summary>What an operation's body is, for the document: nobody is turned away for his Content-Type.</summary>
sealed record BodyOf(Type Type, string ContentType);

/// <summary><c>/openapi/v1.json</c>: made of the routes themselves.</summary>
static class ApiDocument
{
    const string Bearer = "bearer";
    const string AppToken = "appToken";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
    });

    /// <summary>The operation answers a page and takes these filters.</summary>
    public static void Pages(this RouteHandlerBuilder route, params string[] filters) => route.WithMetadata(new ListQuery(filters));

    /// <summary>What the operation is about stands in these query values.</summary>
    public static RouteHandlerBuilder Names(this RouteHandlerBuilder route, params string[] names) => route.WithMetadata(new NamedBy(names));

    /// <summary>The operation takes a body.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, string contentType = MediaTypeNames.Application.Json) =>
        route.WithMetadata(new BodyOf(typeof(T), contentType));

    /// <summary>The operation answers bytes, or a range of them.</summary>
    public static void Bytes(this RouteHandlerBuilder route) => route
        .Produces<Stream>(StatusCodes.Status200OK, MediaTypeNames.Application.Octet)
        .Produces<Stream>(StatusCodes.Status206PartialContent, MediaTypeNames.Application.Octet);

    public static RouteGroupBuilder RefusesWithProblems(this RouteGroupBuilder group)
    {
        foreach (var status in (int[])[400, 401, 403, 404, 409, 422, 500])
            group.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problems.ContentType]));
        return group;
    }

    static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new()
        {
            Title = "Waybill",
            Version = "v1",
            Description = "Moves files between devices and the cloud. Refusals are problems (RFC 9457) with a stable code. "
                + "POST takes an Idempotency-Key: the same request with the same key happens once.",
        };
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "The admin key, or a key made with PUT /api/v1/keys/{name}: its role and products decide what it opens.",
            },
            [AppToken] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "A short-lived token made with POST /api/v1/app-tokens, for some devices and actions.",
            },
        };
        return Task.CompletedTask;
    }

    static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) != true)
            return;
        AddNeed(operation, context);
        operation.Parameters ??= [];
        AddPath(operation, context.Description.RelativePath);
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ListQuery>().FirstOrDefault() is { } list)
        {
            foreach (var name in (string[])[.. list.Filters, "after", "limit"])
                operation.Parameters.Add(Text(name, ParameterLocation.Query));
        }
        foreach (var name in context.Description.ActionDescriptor.EndpointMetadata.OfType<NamedBy>().SelectMany(n => n.Names))
            operation.Parameters.Add(Text(name, ParameterLocation.Query, required: true));
        if (context.Description.HttpMethod == "PUT" && context.Description.RelativePath.EndsWith("/files/{name}/{version}", StringComparison.Ordinal))
            operation.Parameters.Add(Text("type", ParameterLocation.Query));
        if (context.Description.HttpMethod == "POST")
            operation.Parameters.Add(Text("Idempotency-Key", ParameterLocation.Header));
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyOf>().FirstOrDefault() is { } body)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = new() { Schema = await SchemaAsync(body, context, ct) } },
            };
    }

    static async Task<IOpenApiSchema> SchemaAsync(BodyOf body, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (body.ContentType != MediaTypeNames.Application.Json)
            return new OpenApiSchema { Type = JsonSchemaType.String, Format = body.Type == typeof(Stream) ? "binary" : null };
        var schema = await context.GetOrCreateSchemaAsync(body.Type, cancellationToken: ct);
        context.Document!.AddComponent(body.Type.Name, schema);
        return new OpenApiSchemaReference(body.Type.Name, context.Document);
    }

    /// <summary>Which action the operation needs, of a key or of a token too, and which roles have it.</summary>
    static void AddNeed(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Need>().LastOrDefault() is not { Action: var action })
            return;
        List<string> words = [.. ActionWords.Of(action)];
        var forTokens = Devices.AppToken.Permits(action);
        operation.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = words }];
        if (forTokens)
            operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(AppToken, context.Document)] = words });
        var roles = Enum.GetValues<Role>().Where(r => r.Allowed().HasFlag(action)).Select(r => r.Word());
        operation.Description = $"Needs {words[0]}: {string.Join(", ", roles)}{(forTokens ? "; app tokens" : "")}.";
    }

    /// <summary>Handlers that read the route by hand do not tell of its values.</summary>
    static void AddPath(OpenApiOperation operation, string path)
    {
        foreach (var name in path.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')))
        {
            if (!operation.Parameters!.Any(p => p.Name == name && p.In == ParameterLocation.Path))
                operation.Parameters!.Add(Text(name, ParameterLocation.Path));
        }
    }

    static OpenApiParameter Text(string name, ParameterLocation place, bool required = false) => new()
    {
        Name = name,
        In = place,
        Required = required || place == ParameterLocation.Path,
        Schema = new OpenApiSchema { Type = name == "limit" ? JsonSchemaType.Integer : JsonSchemaType.String },
    };
}
