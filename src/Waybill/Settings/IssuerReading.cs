using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;

namespace Waybill.Settings;

/// <summary><c>Waybill:S3:Issuers</c>: other storage for which credentials can be handed out, and buckets of our own endpoint.</summary>
static class IssuerReading
{
    static readonly TimeSpan s_usualLongest = TimeSpan.FromHours(1);

    /// <param name="reader">Of the tree.</param>
    /// <param name="region">Of our own endpoint.</param>
    public static IReadOnlyList<IssuerSettings> Read(SettingsReader reader, string region)
    {
        var names = reader.Below("S3:Issuers");
        foreach (var name in names.Where(n => n.Equals(IssuerSettings.Ours, StringComparison.OrdinalIgnoreCase) || n.Length > 64 || !n.All(IsOfName)))
            reader.Mistake($"S3:Issuers:{name}", null, "must have another name: 1 to 64 letters, digits, dashes and underscores, and not 'ours', which is always there");
        return [Own(region), .. names.Where(n => !n.Equals(IssuerSettings.Ours, StringComparison.OrdinalIgnoreCase)).Select(n => One(reader, n, region))];
    }

    public static IssuerSettings Own(string region) => new(IssuerSettings.Ours, StorageKind.Ours) { Region = region };

    static IssuerSettings One(SettingsReader reader, string name, string region)
    {
        var key = $"S3:Issuers:{name}";
        var word = reader.Text($"{key}:Provider");
        StorageKind? kind = word switch { "ours" => StorageKind.Ours, "aws" => StorageKind.Aws, "minio" => StorageKind.Minio, "ali" => StorageKind.Ali, _ => null };
        if (kind is null)
            reader.Mistake($"{key}:Provider", word, word is null ? "is missing: ours, aws, minio or ali" : "ours, aws, minio or ali");
        var bucket = Need(reader, $"{key}:Bucket", "the name of a bucket");
        if (!bucket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || bucket.Length > 63)
            reader.Mistake($"{key}:Bucket", bucket, "the name of a bucket: at most 63 letters, digits, dots, dashes and underscores");
        return kind is StorageKind.Ours
            ? Own(region) with { Name = name, Bucket = bucket, Longest = Longest(reader, key, SessionCredentials.LongestLifetime) }
            : Outside(reader, key, new(name, kind ?? StorageKind.Minio) { Region = "us-east-1", Bucket = bucket });
    }

    static IssuerSettings Outside(SettingsReader reader, string key, IssuerSettings one)
    {
        var region = reader.Text($"{key}:Region");
        if (region is null && one.Kind != StorageKind.Minio)
            reader.Mistake($"{key}:Region", null, "is missing, such as us-east-1 or cn-hangzhou");
        else if (region?.All(IsOfName) == false)
            reader.Mistake($"{key}:Region", region, "the name of a region, such as us-east-1 or cn-hangzhou");
        region ??= one.Region;
        var (endpoint, sts) = Addresses(one.Kind, region);
        endpoint = reader.BaseUrl($"{key}:Endpoint") ?? endpoint;
        if (endpoint.Length == 0 && reader.Text($"{key}:Endpoint") is null)
            reader.Mistake($"{key}:Endpoint", null, "is missing: the URL at which devices reach the storage");
        return one with
        {
            Region = region,
            Endpoint = endpoint,
            StsEndpoint = reader.BaseUrl($"{key}:StsEndpoint") ?? (sts.Length > 0 ? sts : endpoint),
            RoleArn = Role(reader, $"{key}:RoleArn", one.Kind),
            AccessKey = Need(reader, $"{key}:AccessKey", "the access key that may assume the role"),
            SecretKey = Need(reader, $"{key}:SecretKey", "the secret of the access key"),
            Longest = Longest(reader, key, s_usualLongest),
            Timeout = reader.Time($"{key}:Timeout", one.Timeout, TimeSpan.FromMilliseconds(100)),
        };
    }

    static (string Endpoint, string Sts) Addresses(StorageKind kind, string region) => kind switch
    {
        StorageKind.Aws when region.StartsWith("cn-", StringComparison.Ordinal) => ($"https://s3.{region}.amazonaws.com.cn", $"https://sts.{region}.amazonaws.com.cn"),
        StorageKind.Aws => ($"https://s3.{region}.amazonaws.com", $"https://sts.{region}.amazonaws.com"),
        StorageKind.Ali => ($"https://oss-{region}.aliyuncs.com", $"https://sts.{region}.aliyuncs.com"),
        _ => ("", ""),
    };

    static string Role(SettingsReader reader, string key, StorageKind kind)
    {
        // MinIO asks for one and looks at none
        var (begins, usual) = kind switch { StorageKind.Ali => ("acs:ram::", null), StorageKind.Aws => ("arn:", null), _ => ("arn:", "arn:aws:iam:::role/waybill") };
        if (reader.Text(key) is not { } arn)
        {
            if (usual is null)
                reader.Mistake(key, null, $"is missing: the ARN of the role to assume, {begins}…");
            return usual ?? "";
        }
        if (!arn.StartsWith(begins, StringComparison.Ordinal) || arn.Length > 2048)
            reader.Mistake(key, arn, $"the ARN of a role, {begins}…");
        return arn;
    }

    static TimeSpan Longest(SettingsReader reader, string key, TimeSpan usual)
    {
        var longest = reader.Time($"{key}:Longest", usual, CredentialAsk.Shortest);
        if (longest > SessionCredentials.LongestLifetime)
            reader.Mistake($"{key}:Longest", $"{longest}", $"at most {SessionCredentials.LongestLifetime}");
        return longest;
    }

    static string Need(SettingsReader reader, string key, string what)
    {
        if (reader.Text(key) is { } text)
            return text;
        reader.Mistake(key, null, $"is missing: {what}");
        return "";
    }

    static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
