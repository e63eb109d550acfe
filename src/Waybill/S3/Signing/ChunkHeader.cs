using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>The line before a chunk: <c>10000;chunk-signature=ad80…</c>, the size in hexadecimal digits.</summary>
readonly record struct ChunkHeader(long Size, byte[]? Signature)
{
    public const int Longest = 256;

    const int MostDigits = 12;

    /// <summary>Null for what is none. Extensions that are not the signature are passed over (RFC 9112, 7.1.1).</summary>
    public static ChunkHeader? Read(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > Longest)
            return null;
        var line = bytes.ToArray().AsSpan();
        if (!Utf8Parser.TryParse(line, out long size, out var digits, 'x') || digits > MostDigits || size < 0)
            return null;
        byte[]? signature = null;
        foreach (var extension in Encoding.ASCII.GetString(line[digits..]).Split(';').Skip(1))
        {
            const string Name = "chunk-signature=";
            if (!extension.StartsWith(Name, StringComparison.Ordinal))
                continue;
            if (signature is not null || (signature = SignatureClaim.ReadSignature(extension.AsSpan(Name.Length))) is null)
                return null;
        }
        return digits == line.Length || line[digits] == ';' ? new(size, signature) : null;
    }
}
