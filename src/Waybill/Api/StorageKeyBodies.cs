using System.Text.Json.Serialization;
using Waybill.Devices;
using Waybill.Objects.Credentials;
using Waybill.S3;

namespace Waybill.Api;

/// <summary>Access to the objects of a bucket whose keys begin so; without a prefix, to all of them.</summary>
/// <param name="Bucket">It need not exist yet.</param>
/// <param name="Prefix">Ends with a slash.</param>
/// <param name="Access"><c>read</c>, <c>write</c> or <c>readwrite</c>.</param>
sealed record StorageRight(string? Bucket, string? Prefix, string? Access)
{
    public const string BucketRule = "the name of a bucket: 3 to 63 of a-z, 0-9, dots and dashes";
    public const string AccessWords = "read, write or readwrite";

    public KeyAccess? Wanted => Access switch { "read" => KeyAccess.Read, "write" => KeyAccess.Write, "readwrite" => KeyAccess.ReadWrite, _ => null };

    public static StorageRight Of(KeyRight right) => new(right.Bucket, right.Prefix, right.Access.ToString().ToLowerInvariant());
}

/// <summary>A key to be made. The name is for people; several may have one.</summary>
sealed record StorageKeyBody(string? Name, StorageRight[]? Rights) : IRequestBody
{
    const int Most = 50;

    public KeyRight[] AsRights() => [.. Rights!.Select(r => new KeyRight(r.Bucket!, r.Prefix ?? "", r.Wanted!.Value))];

    public void Check(Mistakes mistakes)
    {
        mistakes.Need("name", Name is not null && ApiKey.IsName(Name), ApiKeyRoutes.NameRule)
            .Need("rights", Rights is { Length: > 0 and <= Most } && Rights.All(r => r is not null), $"a list of 1 to {Most} rights");
        for (var i = 0; i < Rights?.Length && i < Most; i++)
        {
            if (Rights[i] is not { } right)
                continue;
            mistakes
                .Need($"rights[{i}].bucket", right.Bucket is not null && S3Address.IsBucketName(right.Bucket), StorageRight.BucketRule)
                .May($"rights[{i}].prefix", right.Prefix, p => p.Length == 0 || PrefixRule.IsPrefix(p), $"{PrefixRule.Allowed}; or absent for the whole bucket")
                .Need($"rights[{i}].access", right.Wanted is not null, StorageRight.AccessWords);
        }
    }
}

sealed record StorageKeyAnswer(string AccessKey, string Name, IReadOnlyList<StorageRight> Rights)
{
    /// <summary>To the minute.</summary>
    public required DateTime? LastUsed { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Only in the answer to the request that made it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecretKey { get; init; }

    public static StorageKeyAnswer Of(S3Key key) => new(key.AccessKey, key.Name, [.. key.Rights.Select(StorageRight.Of)])
    {
        LastUsed = Times.Utc(key.UsedAt),
        CreatedAt = Times.Utc(key.CreatedAt),
    };
}
