namespace Waybill.Objects.Credentials.Issuers;

/// <summary>Hands out temporary credentials of one storage, for one prefix of one bucket and no more.</summary>
interface ICredentialIssuer
{
    /// <summary>The ask has a bucket, and its prefix, actions and lifetime were checked: <see cref="CredentialIssuers"/>.</summary>
    /// <exception cref="RefusedException">With the remedy.</exception>
    Task<IssuedCredentials> IssueAsync(CredentialAsk ask, CancellationToken ct);
}

/// <summary>What credentials are wanted for.</summary>
/// <param name="Bucket">Null: the issuer's own.</param>
/// <param name="Prefix">What the keys of objects begin with; follows <see cref="PrefixRule"/>.</param>
/// <param name="Actions">Of <see cref="Possible"/>.</param>
/// <param name="Lifetime">From <see cref="Shortest"/> to the issuer's longest.</param>
sealed record CredentialAsk(string? Bucket, string Prefix, S3Actions Actions, TimeSpan Lifetime)
{
    public const S3Actions Listing = S3Actions.ListBucket | S3Actions.ListBucketMultipartUploads;

    /// <summary>All that can be handed out: what is done to objects and lists of them.</summary>
    public const S3Actions Possible = S3Actions.Upload | S3Actions.GetObject | S3Actions.DeleteObject | Listing;

    /// <summary>As with every STS.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);

    /// <summary>Whose they are: <c>product/device</c>. They end when it is disabled or deleted, where the storage is ours.</summary>
    public string? Device { get; init; }

    /// <summary>What they are for, unique for the device. Where the storage is ours they end when the job is revoked.</summary>
    public string? Job { get; init; }

    /// <summary>The host by which whoever uses them reaches this server, should it be the storage and have no public URL.</summary>
    public string? Host { get; init; }

    /// <summary>How a session of this job is named among those of all devices.</summary>
    public static string? JobOf(string? device, string? job) => device is null || job is null ? job : $"{device}/{job}";

    /// <summary>For logs of other storage.</summary>
    public string SessionName(int longest)
    {
        var name = string.Concat($"waybill-{JobOf(Device, Job) ?? Device}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-'));
        return name[..Math.Min(name.Length, longest)];
    }
}

/// <summary>Credentials with all that a client needs to use them. Holds secrets: not to be logged.</summary>
/// <param name="Provider">What kind of client is needed: <c>minio</c> (path-style), <c>aws</c>, <c>ali</c>.</param>
/// <param name="Bucket">Which one.</param>
/// <param name="Prefix">In it.</param>
/// <param name="Credential">The keys.</param>
sealed record IssuedCredentials(string Provider, string Bucket, string Prefix, SessionCredential Credential)
{
    public required string Endpoint { get; init; }
    public required string Region { get; init; }

    public override string ToString() => $"{Credential.AccessKey} for {Bucket}/{Prefix} at {Endpoint}";
}
