using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Events;

/// <summary>An object of a bucket that was stored or removed. Its row has no transfer, and no device when no device put it.</summary>
/// <param name="Bucket">The name.</param>
/// <param name="Key">Within it.</param>
/// <param name="Size">Bytes; of a removed object those it had.</param>
/// <param name="Sha256">In hex.</param>
/// <param name="By">Who did it: <c>product/device</c>, or a key's public name.</param>
sealed record ObjectEvent(string Bucket, string Key, long Size, string Sha256, string By)
{
    /// <summary>In the place of a transfer's state.</summary>
    public const short Stored = 100;

    public const short Removed = 101;

    /// <summary>There was another object of this key.</summary>
    public bool Overwrote { get; init; }

    /// <param name="state"><see cref="Stored"/> or <see cref="Removed"/>.</param>
    /// <param name="deviceId">The device whose object it is; null: nobody's.</param>
    /// <param name="now">Unix milliseconds.</param>
    public EventRow Row(short state, long? deviceId, long now) => new(0, deviceId ?? 0, 0, now, state) { Object = this };

    public string ToText() => JsonSerializer.Serialize(this, ObjectEventJson.Default.ObjectEvent);

    public static ObjectEvent? Parse(string text) => JsonSerializer.Deserialize(text, ObjectEventJson.Default.ObjectEvent);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ObjectEvent))]
sealed partial class ObjectEventJson : JsonSerializerContext;
