using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Waybill.Data;

/// <summary>Short contents as texts that nobody else can read, make or change: AES-GCM under a key in the database.</summary>
sealed class SealedText(byte[] key)
{
    public const int Longest = 8192;

    /// <summary>The key, and the service, for what stays in the database.</summary>
    public const string Secrets = "kept-secrets";

    const int NonceLength = 12;
    const int TagLength = 16;

    public string Write(ReadOnlySpan<byte> content)
    {
        var sealing = new byte[NonceLength + content.Length + TagLength];
        RandomNumberGenerator.Fill(sealing.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(sealing.AsSpan(0, NonceLength), content, sealing.AsSpan(NonceLength, content.Length), sealing.AsSpan(NonceLength + content.Length));
        return Base64Url.EncodeToString(sealing);
    }

    /// <summary>Null for what was not written here, to the last bit.</summary>
    public byte[]? Read(ReadOnlySpan<char> text)
    {
        if (text.Length > Longest)
            return null;
        var bytes = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length < NonceLength + TagLength)
            return null;
        var sealing = bytes.AsSpan(0, length);
        // the decoder passes over white space and unused bits
        if (!text.SequenceEqual(Base64Url.EncodeToString(sealing)))
            return null;
        var content = new byte[length - NonceLength - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(sealing[..NonceLength], sealing[NonceLength..^TagLength], sealing[^TagLength..], content);
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            // there is no way to ask without
            return null;
        }
    }
}
