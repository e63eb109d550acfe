using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Waybill.Api;

/// <summary>A request's JSON, read field by field so that every mistake is named: wrong types, unknown fields, broken rules.</summary>
interface IRequestBody
{
    void Check(Mistakes mistakes);
}

static class JsonBody
{
    const int Longest = 1 << 20;

    static readonly JsonDocumentOptions s_options = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <param name="http">The request. An empty body is an empty object.</param>
    /// <param name="type">How to read it.</param>
    /// <param name="mistakes">What is wrong with the request already; thrown with the body's.</param>
    /// <param name="check">What its rules depend on besides itself.</param>
    public static async Task<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type, Mistakes? mistakes = null, Action<T, Mistakes>? check = null)
        where T : class, IRequestBody
    {
        using var json = Parse(await BytesAsync(http));
        mistakes ??= new();
        Fields(json.RootElement, type, "", mistakes);
        mistakes.ThrowIfAny();
        var body = json.RootElement.Deserialize(type)!;
        check?.Invoke(body, mistakes);
        body.Check(mistakes);
        mistakes.ThrowIfAny();
        return body;
    }

    /// <summary>The whole body, within bounds.</summary>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAtLeastAsync(Longest + 1, http.RequestAborted);
        var bytes = read.Buffer.Length <= Longest ? System.Buffers.BuffersExtensions.ToArray(read.Buffer) : null;
        reader.AdvanceTo(read.Buffer.End);
        return bytes ?? throw new RefusedException("too_large", $"The body is longer than the allowed {Longest} bytes.");
    }

    /// <summary>An object, of nothing an empty one; the caller disposes it.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var json = JsonDocument.Parse(bytes.IsEmpty ? "{}"u8.ToArray() : bytes, s_options);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"see line {line + 1}, byte {e.BytePositionInLine + 1}" : "a field stands in it twice";
            throw new RefusedException("json_invalid", $"The body is not valid JSON: {place}.");
        }
        catch (InvalidOperationException)
        {
            // looking for fields that stand there twice reads their names, and half a surrogate pair is none
            throw new RefusedException("json_invalid", "The body is not valid JSON: a field's name is no text.");
        }
        throw new RefusedException("json_invalid", "The body must be a JSON object.");
    }

    static void Fields(JsonElement element, JsonTypeInfo type, string path, Mistakes mistakes)
    {
        foreach (var field in element.EnumerateObject())
        {
            if (type.Properties.FirstOrDefault(p => p.Name == field.Name) is not { } property)
                mistakes.Add(path + field.Name, $"is not known here; known are: {string.Join(", ", type.Properties.Select(p => p.Name))}");
            else if (field.Value.ValueKind != JsonValueKind.Null)
                Value(field.Value, type.Options.GetTypeInfo(property.PropertyType), path + property.Name, mistakes);
        }
    }

    static void Value(JsonElement value, JsonTypeInfo type, string path, Mistakes mistakes)
    {
        if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            Fields(value, type, path + ".", mistakes);
            return;
        }
        if (value.ValueKind == JsonValueKind.Array && type.ElementType is { } one && type.Options.GetTypeInfo(one) is { Kind: JsonTypeInfoKind.Object } element)
        {
            foreach (var (i, item) in value.EnumerateArray().Index().Where(v => v.Item.ValueKind != JsonValueKind.Null))
                Value(item, element, $"{path}[{i}]", mistakes);
            return;
        }
        try
        {
            value.Deserialize(type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            mistakes.Add(path, $"must be {Wanted(type.Type)}");
        }
    }

    static string Wanted(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "a text",
        var t when t == typeof(bool) => "true or false",
        var t when t.IsPrimitive => "a whole number",
        var t when t.IsAssignableTo(typeof(IReadOnlyDictionary<string, string>)) => "an object of texts",
        var t when t.IsAssignableTo(typeof(IEnumerable<string>)) => "a list of texts",
        _ => "an object",
    };
}
