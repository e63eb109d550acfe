using Waybill.Objects.Credentials.Issuers;

namespace Waybill.Settings;

/// <summary><c>Waybill:S3</c> without its port. Holds a secret: not to be logged.</summary>
sealed record S3Settings
{
    /// <summary>The owner's; null: made at first start. Both are there or neither.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>Where clients find the endpoint; null: where they reached this server, on the port of S3.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Of temporary credentials; <see cref="IssuerSettings.Ours"/> is among them.</summary>
    public IReadOnlyList<IssuerSettings> Issuers { get; init; } = [IssuerReading.Own("us-east-1")];

    /// <summary>Names under which <c>{bucket}.{name}</c> reaches a bucket.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["localhost"];

    /// <summary>Of one PutObject or part, in bytes.</summary>
    public long MaximumPart { get; init; } = 5L << 30;

    /// <summary>Of an object that is put together from parts.</summary>
    public long MaximumSize { get; init; } = 5L << 40;

    /// <summary>The size that every part but the last must have.</summary>
    public long SmallestPart { get; init; } = 5L << 20;

    /// <summary>When an upload in parts that nobody ended is given up.</summary>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a client waits for a byte of the answer that ends an upload in parts, while they are put together.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(10);

    public override string ToString() => nameof(S3Settings);
}
