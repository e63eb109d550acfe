using System.Text.Json.Serialization;

namespace Waybill.Objects.Credentials;

/// <summary>What a session token carries, so that nothing of it is stored. It is good with its access key and no other. Times are Unix milliseconds.
/// Device: whose credentials they are, as <c>product/device</c>; they end when his are revoked. Job: what they are for, unique among all devices; likewise.</summary>
sealed record SessionGrant(string AccessKey, GrantedRights Rights, long IssuedAt, long ExpiresAt, string? Device, string? Job)
{
    /// <summary>The lasting key that asked for them, and with which they end; null: the server itself.</summary>
    public string? By { get; init; }
}

/// <summary>Temporary credentials as they are handed out. Holds secrets: not to be logged.</summary>
sealed record SessionCredential(string AccessKey, string Secret, string SessionToken, DateTimeOffset ExpiresAt)
{
    public override string ToString() => AccessKey;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionGrant))]
sealed partial class SessionJson : JsonSerializerContext;
