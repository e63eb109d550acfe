using System.Security.Cryptography;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>What follows the last chunk: the announced checksum and, where chunks are signed, a signature over it.</summary>
sealed class ChunkTrailer(string? announced, bool signed)
{
    public const int Longest = 1024;

    const int MostLines = 16;

    readonly StringBuilder canonical = new();
    int lines;
    bool signatureSeen;

    /// <summary>The checksum as it was sent.</summary>
    public string? Value { get; private set; }

    public bool IsWhole => (announced is null || Value is not null) && (!signed || signatureSeen);

    /// <summary>One line that is not empty; false for what does not belong here.</summary>
    public bool Take(string line, ChunkSignatures? signatures, out Refusal? refusal)
    {
        refusal = null;
        var colon = line.IndexOf(':');
        if (++lines > MostLines || colon < 1 || signatureSeen)
            return false;
        var (name, value) = (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim(' ', '\n', '\t'));
        if (name == "x-amz-trailer-signature" && signed)
            return signatureSeen = IsTrue(value, signatures!, out refusal);
        if (name != announced || Value is not null)
            return false;
        Value = value;
        canonical.Append(name).Append(':').Append(value).Append('\n');
        return true;
    }

    bool IsTrue(string text, ChunkSignatures signatures, out Refusal? refusal)
    {
        refusal = null;
        if (SignatureClaim.ReadSignature(text) is not { } signature)
            return false;
        if (signatures.IsTrailer(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())), signature))
            return true;
        refusal = ChunkDecoder.WrongSignature;
        return false;
    }
}
