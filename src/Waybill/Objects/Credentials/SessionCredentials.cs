using System.Text.Json;
using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>Temporary credentials. Their token says what they allow, sealed; their secret is derived from their access key.</summary>
sealed class SessionCredentials(SealedText seal, byte[] secretKey, TimeProvider clock)
{
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    const string Prefix = "WAYT";

    /// <param name="rights">What they allow.</param>
    /// <param name="lifetime">How long.</param>
    /// <param name="device">Whose they are.</param>
    /// <param name="job">What they are for.</param>
    /// <param name="by">The lasting key that asked for them; null: the server itself.</param>
    /// <exception cref="RefusedException"><c>PackedPolicyTooLarge</c>.</exception>
    public SessionCredential Mint(GrantedRights rights, TimeSpan lifetime, string? device, string? job, string? by = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLifetime);
        var now = clock.GetUtcNow();
        var accessKey = AccessKeys.Make(Prefix);
        var grant = new SessionGrant(accessKey, rights, now.ToUnixTimeMilliseconds(), (now + lifetime).ToUnixTimeMilliseconds(), device, job) { By = by };
        var token = seal.Write(JsonSerializer.SerializeToUtf8Bytes(grant, SessionJson.Default.SessionGrant));
        return token.Length <= SealedText.Longest
            ? new(accessKey, SecretOf(accessKey), token, now + lifetime)
            : throw new RefusedException("PackedPolicyTooLarge", "The rights of these credentials are too many for a session token.");
    }

    /// <summary>Null for what was not handed out here with this access key. Whether it has ended is not asked.</summary>
    public SessionGrant? Read(string accessKey, string token) =>
        seal.Read(token) is { } content && JsonSerializer.Deserialize(content, SessionJson.Default.SessionGrant) is { } grant && grant.AccessKey == accessKey
            ? grant
            : null;

    public string SecretOf(string accessKey) => AccessKeys.SecretOf(accessKey, secretKey);
}
