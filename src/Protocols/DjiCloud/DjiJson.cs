using Waybill.Protocols.Json;

namespace Waybill.Protocols.DjiCloud;

/// <summary>What every message of the platform is written with.</summary>
static class DjiJson
{
    /// <summary>Up to and with <c>"data":</c>; the caller writes the value and the last brace.</summary>
    public static void Head(this ref CompactJson json, DjiHead head)
    {
        json.Raw("{"u8);
        if (head.Tid is { } tid)
            json.Member("\"tid\":"u8, tid);
        if (head.Bid is { } bid)
            json.Member("\"bid\":"u8, bid);
        json.Raw("\"timestamp\":"u8);
        json.Number(head.Timestamp);
        json.Raw(","u8);
        json.Member("\"gateway\":"u8, head.Gateway);
        if (head.Method is { } method)
            json.Member("\"method\":"u8, method);
        json.Raw("\"data\":"u8);
    }

    /// <summary>A text with its name and a comma behind.</summary>
    public static void Member(this ref CompactJson json, scoped ReadOnlySpan<byte> name, string text)
    {
        json.Raw(name);
        json.Quoted(text);
        json.Raw(","u8);
    }

    public static void Quoted(this ref CompactJson json, string text)
    {
        json.Raw("\""u8);
        json.Text(text);
        json.Raw("\""u8);
    }

    /// <summary>Nothing when there is no value.</summary>
    public static void Number(this ref CompactJson json, scoped ReadOnlySpan<byte> name, long? value)
    {
        if (value is not { } number)
            return;
        json.Raw(name);
        json.Number(number);
    }

    public static void Modules(this ref CompactJson json, IReadOnlyList<string> modules)
    {
        json.Raw("["u8);
        for (var i = 0; i < modules.Count; i++)
        {
            if (i > 0)
                json.Raw(","u8);
            json.Quoted(modules[i]);
        }
        json.Raw("]"u8);
    }

    /// <summary>The members of a bucket and its key, without braces.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="storage">The bucket.</param>
    /// <param name="expire">In the unit of the message: some want a moment, some a length of time.</param>
    public static void Storage(this ref CompactJson json, DjiStorage storage, long expire)
    {
        json.Member("\"bucket\":"u8, storage.Bucket);
        json.Member("\"region\":"u8, storage.Region);
        json.Member("\"endpoint\":"u8, storage.Endpoint);
        json.Member("\"provider\":"u8, storage.Provider);
        json.Member("\"credentials\":{\"access_key_id\":"u8, storage.Credentials.KeyId);
        json.Member("\"access_key_secret\":"u8, storage.Credentials.Secret);
        json.Member("\"security_token\":"u8, storage.Credentials.Token);
        json.Number("\"expire\":"u8, expire);
        json.Raw("}"u8);
    }
}
