using System.Security.Cryptography;
using System.Text;

namespace Waybill.Protocols.TencentRegistration;

/// <summary>The device secret on its way to the device, readable only with the product secret (R10).</summary>
/// <param name="Length">Bytes of the plain text, without its padding.</param>
/// <param name="Base64">The encrypted text.</param>
public readonly record struct RegistrationPayload(int Length, string Base64)
{
    /// <summary>The shortest product secret: its first characters are the key of AES-128.</summary>
    public const int ShortestProductSecret = 16;

    const int Block = 16;

    static ReadOnlySpan<byte> Zeros => "0000000000000000"u8;

    /// <summary>Encrypts <c>{"encryptionType":2,"psk":"…"}</c>.</summary>
    /// <param name="deviceSecret">Base64, at most 64 characters (R11).</param>
    /// <param name="productSecret">At least <see cref="ShortestProductSecret"/> ASCII characters.</param>
    public static RegistrationPayload Encrypt(string deviceSecret, string productSecret)
    {
        var plain = Encoding.ASCII.GetBytes($$"""{"encryptionType":2,"psk":"{{deviceSecret}}"}""");
        using var aes = Aes.Create();
        aes.Key = Encoding.ASCII.GetBytes(productSecret, 0, Block);
        // at least one zero, since C reads up to it
        var padded = new byte[(plain.Length / Block + 1) * Block];
        plain.CopyTo(padded, 0);
        return new(plain.Length, Convert.ToBase64String(aes.EncryptCbc(padded, Zeros, PaddingMode.None)));
    }
}
