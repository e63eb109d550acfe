using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>Reads a bucket and its key, on the device's side.</summary>
static class DjiStorageFields
{
    /// <summary>Null when a part is missing that no upload can do without; platforms of the oldest generation send no region.</summary>
    public static DjiStorage? Read(JsonValue parent, long expiresAt)
    {
        var credentials = parent.Field("credentials"u8);
        return Text(parent, "bucket"u8) is { } bucket
            && Text(parent, "endpoint"u8) is { } endpoint
            && Text(parent, "provider"u8) is { } provider
            && Text(credentials, "access_key_id"u8) is { } id
            && Text(credentials, "access_key_secret"u8) is { } secret
                ? new(provider, endpoint, Text(parent, "region"u8) ?? "", bucket, new(id, secret, Text(credentials, "security_token"u8) ?? "", expiresAt))
                : null;
    }

    static string? Text(JsonValue parent, ReadOnlySpan<byte> name) => parent.Field(name).Word(DjiDownReader.MaxText);
}
