using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>What messages are written with: members with their commas. A member without a value is left out.</summary>
static class DjiJson
{
    /// <summary>Up to and with <c>"data":</c>; the caller writes the value and the last brace.</summary>
    public static void Head(this ref CompactJson json, DjiHead head)
    {
        json.Raw("{"u8);
        json.Member("tid"u8, head.Tid);
        json.Member("bid"u8, head.Bid);
        json.Member("timestamp"u8, head.Timestamp);
        json.Member("gateway"u8, head.Gateway);
        json.Member("method"u8, head.Method);
        json.Name("data"u8);
    }

    /// <summary>A comma where one is due, and the name with its colon.</summary>
    public static void Name(this ref CompactJson json, scoped ReadOnlySpan<byte> name)
    {
        json.Next("\""u8);
        json.Raw(name);
        json.Raw("\":"u8);
    }

    /// <summary>A comma where one is due, and how the next value begins.</summary>
    public static void Next(this ref CompactJson json, scoped ReadOnlySpan<byte> start)
    {
        if (!json.IsOpen)
            json.Raw(","u8);
        json.Raw(start);
    }

    public static void Member(this ref CompactJson json, scoped ReadOnlySpan<byte> name, string? text)
    {
        if (text is null)
            return;
        json.Name(name);
        json.Quoted(text);
    }

    public static void Member(this ref CompactJson json, scoped ReadOnlySpan<byte> name, long? number)
    {
        if (number is not { } value)
            return;
        json.Name(name);
        json.Number(value);
    }

    public static void Quoted(this ref CompactJson json, string text)
    {
        json.Raw("\""u8);
        json.Text(text);
        json.Raw("\""u8);
    }

    public static void Texts(this ref CompactJson json, scoped ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        json.Name(name);
        json.Raw("["u8);
        foreach (var text in texts)
        {
            json.Next(""u8);
            json.Quoted(text);
        }
        json.Raw("]"u8);
    }

    /// <summary>The members of a bucket and its key.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="storage">The bucket.</param>
    /// <param name="expire">In the unit of the message: some want a moment, some a length of time.</param>
    public static void Storage(this ref CompactJson json, DjiStorage storage, long expire)
    {
        json.Member("bucket"u8, storage.Bucket);
        json.Member("region"u8, storage.Region);
        json.Member("endpoint"u8, storage.Endpoint);
        json.Member("provider"u8, storage.Provider);
        json.Name("credentials"u8);
        json.Raw("{"u8);
        json.Member("access_key_id"u8, storage.Credentials.KeyId);
        json.Member("access_key_secret"u8, storage.Credentials.Secret);
        json.Member("security_token"u8, storage.Credentials.Token);
        json.Member("expire"u8, expire);
        json.Raw("}"u8);
    }
}
