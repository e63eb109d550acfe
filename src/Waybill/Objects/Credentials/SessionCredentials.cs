using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Waybill.Data;

namespace Waybill.Objects.Credentials;

/// <summary>Temporary credentials. Their token says what they allow, sealed; their secret is derived from their access key.</summary>
sealed class SessionCredentials(SealedText seal, byte[] secretKey, TimeProvider clock)
{
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);

    const string Prefix = "WAYT";
    const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <exception cref="RefusedException"><c>PackedPolicyTooLarge</c>.</exception>
    public SessionCredential Mint(GrantedRights rights, TimeSpan lifetime, string? device, string? job)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lifetime, LongestLifetime);
        var now = clock.GetUtcNow();
        var accessKey = Prefix + RandomNumberGenerator.GetString(Base32, 16);
        var grant = new SessionGrant(accessKey, rights, now.ToUnixTimeMilliseconds(), (now + lifetime).ToUnixTimeMilliseconds(), device, job);
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

    /// <summary>40 characters, as those of AWS.</summary>
    public string SecretOf(string accessKey) =>
        Convert.ToBase64String(HMACSHA256.HashData(secretKey, Encoding.UTF8.GetBytes(accessKey)).AsSpan(0, 30));
}
