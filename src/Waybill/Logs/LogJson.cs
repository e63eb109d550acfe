using System.Text.Json;
using System.Text.Json.Serialization;
using Waybill.Objects;

namespace Waybill.Logs;

/// <summary>JSON columns of log requests.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Sha256Json)])]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<LogList>))]
[JsonSerializable(typeof(IReadOnlyList<LogArchive>))]
[JsonSerializable(typeof(LogCampaignFilter))]
sealed partial class LogJson : JsonSerializerContext;

/// <summary>A digest as its digits.</summary>
sealed class Sha256Json : JsonConverter<Sha256Digest>
{
    public override Sha256Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Sha256Digest.TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException("not a SHA-256 digest");

    public override void Write(Utf8JsonWriter writer, Sha256Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
