using System.IO.Pipelines;
using Waybill.Objects;
using Waybill.S3.Signing;

namespace Waybill.S3;

/// <summary>The body of a request without what signing put around it.</summary>
/// <param name="Body">Reads it; refuses where a signature or a trailer within it is wrong.</param>
/// <param name="Length">How long it is announced to be; null when it was not said.</param>
/// <param name="Sha256">The hash that was signed for all of it; null when it was not.</param>
sealed record S3Payload(PipeReader Body, long? Length, Sha256Digest? Sha256)
{
    /// <summary>The checksum that comes behind the body.</summary>
    public ChecksumKind? TrailingKind { get; init; }

    /// <summary>Its value, when the body has been read.</summary>
    public Func<string?> TrailingChecksum { get; init; } = () => null;

    /// <summary>What lies behind a signature that is right.</summary>
    /// <exception cref="RefusedException">It cannot be read as it was signed.</exception>
    public static S3Payload Of(HttpContext http, VerifiedSignature signature)
    {
        // The hash of a whole body is computed on the way to the disk anyway.
        if (signature.Claim.Payload is { IsChunked: false, Hash: var hash })
            return new(http.Request.BodyReader, http.Request.ContentLength, hash);
        var (body, refusal) = SignedBody.Open(http.Request.BodyReader, http.Request.Headers, signature);
        if (body is null)
            throw refusal!.Exception();
        http.Response.RegisterForDispose(body);
        return new(body.Bytes, body.Length, null) { TrailingKind = body.TrailingKind, TrailingChecksum = () => body.TrailingChecksum };
    }
}
