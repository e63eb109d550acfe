using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>Derived signing keys, kept for those whose signatures were true: four of five HMACs of a check are the same all day.</summary>
sealed class SigningKeys
{
    const int Most = 4096;

    readonly ConcurrentDictionary<(string Secret, SigningScope Scope), byte[]> keys = [];

    public byte[] Of(string secret, SigningScope scope) => keys.TryGetValue((secret, scope), out var key) ? key : Derive(secret, scope);

    public void Keep(string secret, SigningScope scope, byte[] key)
    {
        // yesterday's, and those of credentials that have ended, go with the rest
        if (keys.Count >= Most)
            keys.Clear();
        keys.TryAdd((secret, scope), key);
    }

    static byte[] Derive(string secret, SigningScope scope)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in (ReadOnlySpan<string>)[scope.Date, scope.Region, scope.Service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return key;
    }
}
