namespace Waybill.Objects.Credentials.Issuers;

enum StorageKind
{
    /// <summary>This server's own endpoint.</summary>
    Ours,
    Aws,

    /// <summary>Other storage that speaks S3 and AWS's STS: MinIO, Ceph.</summary>
    Minio,
    Ali,
}

/// <summary><c>Waybill:S3:Issuers:{name}</c>. Holds a secret: not to be logged.</summary>
sealed record IssuerSettings(string Name, StorageKind Kind)
{
    /// <summary>The issuer of our own endpoint that is there without any configuration; the bucket is asked for.</summary>
    public const string Ours = "ours";

    /// <summary>Of the storage, as devices reach it; empty for our own.</summary>
    public string Endpoint { get; init; } = "";

    public string StsEndpoint { get; init; } = "";

    public required string Region { get; init; }

    /// <summary>Null: any that is asked for, which is possible with our own endpoint.</summary>
    public string? Bucket { get; init; }

    public string RoleArn { get; init; } = "";
    public string AccessKey { get; init; } = "";
    public string SecretKey { get; init; } = "";

    /// <summary>What the role's maximum is set to.</summary>
    public TimeSpan Longest { get; init; } = SessionCredentials.LongestLifetime;

    /// <summary>How long the outside STS may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public override string ToString() => Name;
}
