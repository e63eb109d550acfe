using Waybill.Objects;
using Waybill.S3.Checksums;
using Waybill.S3.Wire;
using Waybill.Settings;

namespace Waybill.S3;

/// <summary>A request's body on the disk, held to all that was said of it; held there until it is recorded.</summary>
sealed record ReceivedBody(StoredObject Stored, StoredChecksum? Checksum);

sealed class BodyReceiving(DiskStore store, S3Settings settings, UnrecordedObjects unrecorded)
{
    /// <summary>Stores the body, or stores nothing and throws.</summary>
    public async Task<ReceivedBody> ReceiveAsync(S3Request request)
    {
        var length = request.Payload.Length ?? throw new RefusedException("MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (length > settings.MaximumPart)
            throw new RefusedException("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        using var judged = new JudgedBody(AnnouncedChecksum.Of(request.Headers), request.Payload);
        var intake = new Intake(null, length, settings.MaximumPart, ContentMd5.Of(request)) { Check = judged.Check };
        return new(await store.ReceiveAsync(request.Payload.Body, intake, request.Ct), judged.Result);
    }

    /// <summary>Records the body; one that is refused after all does not stay on the disk.</summary>
    public Task RecordAsync(ReceivedBody body, Func<Task> record) => unrecorded.RecordAsync(body.Stored, _ => record());
}
