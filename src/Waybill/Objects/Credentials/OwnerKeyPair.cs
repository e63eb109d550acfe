using System.Security.Cryptography;
using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>The owner's access key and secret: configured, or made at first start into a file only its owner can read. Not to be logged.</summary>
sealed record OwnerKeyPair(string AccessKey, string Secret)
{
    /// <summary>Where a pair that was not configured is kept: the access key, a space, the secret.</summary>
    public string? Path { get; private init; }

    /// <summary>Both are configured, or neither.</summary>
    public static OwnerKeyPair Open(string? accessKey, string? secret, string directory)
    {
        if (accessKey is not null && secret is not null)
            return new(accessKey, secret);
        var path = System.IO.Path.Join(directory, "s3-key");
        return SecretFile.ReadOrMake(path, Make).Split(' ') is [{ Length: > 0 } key, { Length: >= 16 } kept]
            ? new(key, kept) { Path = path }
            : throw new InvalidOperationException($"{path} does not hold an access key and a secret: delete the file, then a new pair is made.");
    }

    public override string ToString() => AccessKey;

    static string Make() =>
        $"WAYB{RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(30))}";
}
