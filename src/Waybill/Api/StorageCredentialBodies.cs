using Waybill.Objects.Credentials;
using Waybill.Objects.Credentials.Issuers;
using Waybill.S3;

namespace Waybill.Api;

/// <summary>Temporary credentials for a device: one prefix, some actions, a time.</summary>
sealed record StorageCredentialBody : IRequestBody
{
    public const int UsualLife = 3600;
    const string ActionRule = "a list of some of upload, read, list and delete";
    const string JobRule = "1 to 64 characters of A-Z, a-z, 0-9, _ - : and .";
    static readonly int s_shortest = (int)CredentialAsk.Shortest.TotalSeconds;
    static readonly int s_longest = (int)SessionCredentials.LongestLifetime.TotalSeconds;

    /// <summary>Of which storage; absent: this server's own.</summary>
    public string? Issuer { get; init; }

    /// <summary>Absent where the issuer is for one bucket.</summary>
    public string? Bucket { get; init; }

    /// <summary>Ends with a slash.</summary>
    public string? Prefix { get; init; }

    public string[]? Actions { get; init; }

    /// <summary>Seconds; an hour when absent.</summary>
    public int? ExpiresIn { get; init; }

    /// <summary>What they are for: they can be revoked by it.</summary>
    public string? Job { get; init; }

    public S3Actions Wanted => Actions!.Aggregate(S3Actions.None, (all, word) => all | Find(word));

    public static bool IsJob(string job) => job.Length is > 0 and <= 64 && job.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.');

    public void Check(Mistakes mistakes) => mistakes
        .May("bucket", Bucket, S3Address.IsBucketName, StorageRight.BucketRule)
        .Need("prefix", Prefix is not null && PrefixRule.IsPrefix(Prefix), PrefixRule.Allowed)
        .Need("actions", Actions is { Length: > 0 } && Actions.All(a => a is not null && Find(a) != S3Actions.None), ActionRule)
        .Need("expiresIn", ExpiresIn is null || (ExpiresIn >= s_shortest && ExpiresIn <= s_longest), $"{s_shortest} to {s_longest} seconds")
        .May("job", Job, IsJob, JobRule);

    static S3Actions Find(string word) => word switch
    {
        "upload" => S3Actions.Upload,
        "read" => S3Actions.GetObject,
        "list" => CredentialAsk.Listing,
        "delete" => S3Actions.DeleteObject,
        _ => S3Actions.None,
    };
}

/// <summary>Storage for which credentials can be made: <c>ours</c>, <c>aws</c>, <c>minio</c> or <c>ali</c>. Without a bucket it is for any, to be named.</summary>
sealed record StorageIssuerAnswer(string Name, string Provider, string Region, string? Bucket, long LongestSeconds)
{
    public static StorageIssuerAnswer Of(IssuerSettings issuer) =>
        new(issuer.Name, issuer.Kind.ToString().ToLowerInvariant(), issuer.Region, issuer.Bucket, (long)issuer.Longest.TotalSeconds);
}

/// <summary>Credentials with all that an S3 client needs beside them.</summary>
/// <param name="Issuer">Who handed them out.</param>
/// <param name="Provider">What kind of client they are for: <c>minio</c> (S3 with path-style addresses), <c>aws</c>, <c>ali</c>.</param>
sealed record StorageCredentialAnswer(string Issuer, string Provider)
{
    public required string Endpoint { get; init; }
    public required string Region { get; init; }
    public required string Bucket { get; init; }
    public required string Prefix { get; init; }
    public required string AccessKey { get; init; }
    public required string SecretKey { get; init; }
    public required string SessionToken { get; init; }
    public required DateTime ExpiresAt { get; init; }

    public static StorageCredentialAnswer Of(string issuer, IssuedCredentials issued) => new(issuer, issued.Provider)
    {
        Endpoint = issued.Endpoint,
        Region = issued.Region,
        Bucket = issued.Bucket,
        Prefix = issued.Prefix,
        AccessKey = issued.Credential.AccessKey,
        SecretKey = issued.Credential.Secret,
        SessionToken = issued.Credential.SessionToken,
        ExpiresAt = issued.Credential.ExpiresAt.UtcDateTime,
    };

    public override string ToString() => AccessKey;
}
