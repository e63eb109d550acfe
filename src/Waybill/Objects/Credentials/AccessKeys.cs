using System.Security.Cryptography;
using System.Text;

namespace Waybill.Objects.Credentials;

/// <summary>Access keys, and secrets that are derived from them, so that none is stored. Both are as long as those of AWS.</summary>
static class AccessKeys
{
    const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Make(string prefix) => prefix + RandomNumberGenerator.GetString(Base32, 16);

    public static string SecretOf(string accessKey, byte[] secretKey) =>
        Convert.ToBase64String(HMACSHA256.HashData(secretKey, Encoding.UTF8.GetBytes(accessKey)).AsSpan(0, 30));
}
