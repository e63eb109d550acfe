using System.Globalization;
using System.IO.Pipelines;

namespace Waybill.S3.Signing;

/// <summary>The body of a signed request: its bytes without frames, held to all that was signed of it.</summary>
sealed class SignedBody : IDisposable
{
    readonly PipeReader request;
    readonly ChunkDecoder? decoder;

    SignedBody(PipeReader request, PipeReader bytes, long? length)
    {
        this.request = request;
        (Bytes, Length) = (bytes, length);
    }

    SignedBody(PipeReader request, ChunkDecoder decoder, long length) : this(request, new ChunkedBody(request, decoder), length) => this.decoder = decoder;

    /// <summary>Fails with <see cref="RefusedException"/> at the latest at the end of a body that is not what was signed.</summary>
    public PipeReader Bytes { get; }

    /// <summary>How many bytes there will be; null where nobody said so.</summary>
    public long? Length { get; }

    /// <summary>The checksum a trailer announces.</summary>
    public ChecksumKind? TrailingKind { get; private init; }

    /// <summary>In base64, and right: there once the end was read.</summary>
    public string? TrailingChecksum => decoder?.Checksum;

    public static (SignedBody? Body, Refusal? Refusal) Open(PipeReader request, IHeaderDictionary headers, VerifiedSignature signature)
    {
        var payload = signature.Claim.Payload;
        if (!payload.IsChunked)
            return (new(request, payload.Hash is { } hash ? new CheckedBody(request, hash) : request, headers.ContentLength), null);
        if (!long.TryParse(headers["x-amz-decoded-content-length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return (null, new("MissingContentLength", "You must provide the x-amz-decoded-content-length HTTP header."));
        ChecksumKind? trailing = null;
        if (payload.HasTrailer && (string?)headers["x-amz-trailer"] is { } announced && (trailing = BodyChecksum.KindOf(announced.Trim())) is null)
            return (null, new("InvalidRequest", "The value specified in the x-amz-trailer header is not supported: it is one x-amz-checksum-… header."));
        var frames = new ChunkDecoder(
            length,
            payload.HasSignedChunks ? signature.Chunks() : null,
            trailing is { } kind ? new BodyChecksum(kind) : null,
            payload.HasTrailer);
        return (new(request, frames, length) { TrailingKind = trailing }, null);
    }

    public void Dispose()
    {
        if (Bytes != request)
            Bytes.Complete();
    }
}
