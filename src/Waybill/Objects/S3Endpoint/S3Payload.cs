using System.IO.Pipelines;

namespace Waybill.Objects.S3Endpoint;

/// <summary>The body of a request without what signing put around it.</summary>
/// <param name="Body">Reads it; refuses where a signature within it is wrong.</param>
/// <param name="Length">How long it is announced to be; null when it was not said.</param>
/// <param name="Sha256">The hash that was signed for all of it; null when it was not.</param>
/// <param name="Trailer">A header that came after the body, by its lower-case name; to be asked when the body has been read.</param>
sealed record S3Payload(PipeReader Body, long? Length, Sha256Digest? Sha256, Func<string, string?> Trailer);
