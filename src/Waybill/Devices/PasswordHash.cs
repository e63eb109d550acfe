using System.Security.Cryptography;

namespace Waybill.Devices;

/// <summary>PBKDF2 with SHA-256: 16 bytes of salt, 32 of hash.</summary>
static class PasswordHash
{
    const int Rounds = 100_000;
    const int SaltLength = 16;

    /// <summary>What an unknown name is compared with, so that it takes as long as a known one.</summary>
    public static byte[] OfNobody { get; } = Make(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SaltLength)));

    public static byte[] Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return [.. salt, .. Derive(password, salt)];
    }

    public static bool Fits(string password, ReadOnlySpan<byte> hash) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, hash[..SaltLength]), hash[SaltLength..]);

    static byte[] Derive(string password, ReadOnlySpan<byte> salt) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
}
