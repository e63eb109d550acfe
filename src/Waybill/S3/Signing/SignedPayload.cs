using Waybill.Objects;

namespace Waybill.S3.Signing;

enum PayloadKind
{
    Unsigned,
    Hashed,
    SignedChunks,
    SignedChunksWithTrailer,
    UnsignedChunksWithTrailer,
}

/// <summary>What a signature says of the body: <c>x-amz-content-sha256</c>. The text is what was signed.</summary>
sealed record SignedPayload(PayloadKind Kind, string Text, Sha256Digest? Hash)
{
    public const string UnsignedText = "UNSIGNED-PAYLOAD";

    public static SignedPayload Unsigned { get; } = new(PayloadKind.Unsigned, UnsignedText, null);

    public bool IsChunked => Kind > PayloadKind.Hashed;

    public bool HasTrailer => Kind > PayloadKind.SignedChunks;

    public bool HasSignedChunks => Kind is PayloadKind.SignedChunks or PayloadKind.SignedChunksWithTrailer;

    public static SignedPayload Hashed(Sha256Digest hash) => new(PayloadKind.Hashed, hash.ToString(), hash);

    /// <summary>Null for what is none of these.</summary>
    public static SignedPayload? Read(string text) => text switch
    {
        UnsignedText => Unsigned,
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => new(PayloadKind.SignedChunks, text, null),
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => new(PayloadKind.SignedChunksWithTrailer, text, null),
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => new(PayloadKind.UnsignedChunksWithTrailer, text, null),
        _ => Sha256Digest.TryParse(text, out var hash) ? new(PayloadKind.Hashed, text, hash) : null,
    };

    public static Refusal Refusal(string text) => text.StartsWith("STREAMING-AWS4-ECDSA", StringComparison.Ordinal)
        ? new("NotImplemented", "Signatures of version 4A are not offered: sign with AWS4-HMAC-SHA256.")
        : new(
            "InvalidArgument",
            $"x-amz-content-sha256 must be {UnsignedText}, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a SHA-256 in hexadecimal digits.");
}
