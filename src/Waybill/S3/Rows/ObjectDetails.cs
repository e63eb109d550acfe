using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.S3.Checksums;

namespace Waybill.S3.Rows;

/// <summary>What is said of an object beside its bytes: content headers, the user's own, a checksum.</summary>
sealed record ObjectDetails
{
    public static readonly ObjectDetails None = new();

    /// <summary>Content headers by name, as they were sent.</summary>
    public SortedDictionary<string, string>? Headers { get; init; }

    /// <summary>User metadata by its name after <c>x-amz-meta-</c>, in lower case.</summary>
    public SortedDictionary<string, string>? Metadata { get; init; }

    /// <summary>As <see cref="StoredChecksum"/> writes it.</summary>
    public string? Checksum { get; init; }

    /// <summary>Of an upload in parts: the checksum that its parts are to have.</summary>
    public string? Algorithm { get; init; }

    /// <summary>Of an upload in parts: its checksum is that of all bytes, not of the parts' checksums.</summary>
    public bool? WholeChecksum { get; init; }

    public static ObjectDetails Parse(string? text) => text is null ? None : JsonSerializer.Deserialize(text, ObjectDetailsJson.Default.ObjectDetails) ?? None;

    /// <summary>Null when there is nothing to keep.</summary>
    public string? ToText() => this == None ? null : JsonSerializer.Serialize(this, ObjectDetailsJson.Default.ObjectDetails);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectDetails))]
sealed partial class ObjectDetailsJson : JsonSerializerContext;
