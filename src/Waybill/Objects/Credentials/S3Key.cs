using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waybill.Objects.Credentials;

/// <summary>What a key may do with objects. The numbers stand in the database.</summary>
[Flags]
enum KeyAccess
{
    None = 0,
    Read = 1,
    Write = 2,
    ReadWrite = Read | Write,
}

/// <summary>Access to the keys of a bucket that begin so; an empty prefix is all of it.</summary>
sealed record KeyRight(string Bucket, string Prefix, KeyAccess Access)
{
    const S3Actions Reading = S3Actions.GetObject | S3Actions.ListBucket;

    /// <summary>Who may overwrite an object may as well delete it.</summary>
    const S3Actions Writing = S3Actions.Upload | S3Actions.DeleteObject | S3Actions.ListBucketMultipartUploads;

    /// <summary>As the endpoint judges it. Where a bucket lies, everyone may know who has a part of it.</summary>
    public IEnumerable<S3Right> AsRights()
    {
        var actions = (Access.HasFlag(KeyAccess.Read) ? Reading : S3Actions.None) | (Access.HasFlag(KeyAccess.Write) ? Writing : S3Actions.None);
        return [new(actions, $"{Bucket}/{Prefix}*"), new(S3Actions.GetBucketLocation, Bucket)];
    }
}

/// <summary>A lasting key of the S3 endpoint beside the owner's. A row of <c>s3_keys</c>.</summary>
sealed record S3Key
{
    public const string Columns = "access_key as accessKey, name, rights as rightsText, used_at as usedAt, created_at as createdAt";

    public string AccessKey { get; init; } = "";
    public string Name { get; init; } = "";
    public string RightsText { get; init; } = "";
    public long? UsedAt { get; init; }
    public long CreatedAt { get; init; }

    public KeyRight[] Rights => field ??= JsonSerializer.Deserialize(RightsText, S3KeyJson.Default.KeyRightArray)!;

    public GrantedRights Granted => field ??= new([[.. Rights.SelectMany(r => r.AsRights())]]);

    public static string Write(KeyRight[] rights) => JsonSerializer.Serialize(rights, S3KeyJson.Default.KeyRightArray);
}

[JsonSerializable(typeof(KeyRight[]))]
sealed partial class S3KeyJson : JsonSerializerContext;
