using Waybill.Line;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.Quotas;

namespace Waybill.Transfers;

/// <summary>The bytes of an upload on their way in: judged, stored, proven. Refused, nothing of them stays.</summary>
sealed class UploadReception(DiskStore store, UnrecordedObjects unrecorded, UploadAllowances allowances, Inbox inbox, TransferSettings settings)
{
    /// <exception cref="RefusedException">They are not what was announced, or not allowed.</exception>
    public async Task ReceiveAsync(Transfer transfer, HttpRequest request, Md5Digest? md5)
    {
        var ct = request.HttpContext.RequestAborted;
        try
        {
            var allowance = await allowances.DemandAsync(transfer, request.ContentLength, ct);
            var intake = Intake(transfer, allowance, request.ContentLength) with { ExpectedMd5 = transfer.Md5 ?? md5 };
            var stored = await store.ReceiveAsync(request.BodyReader, intake, ct);
            await unrecorded.RecordAsync(stored, record => RecordAsync(transfer, allowance, record, ct));
        }
        catch (RefusedException refusal) when (transfer.IsOpen && IsFinal(transfer, refusal))
        {
            await allowances.RejectAsync(transfer, refusal, ct);
            throw;
        }
    }

    /// <summary>Another try would end the same way. What is not what was announced may be right the next time.</summary>
    static bool IsFinal(Transfer transfer, RefusedException refusal) => refusal.Code switch
    {
        "quota_exceeded" or "type_not_allowed" or "size_refused" => true,
        "too_large" => transfer.Size == Transfer.UnknownSize,
        _ => false,
    };

    Intake Intake(Transfer transfer, UploadAllowance allowance, long? length) => transfer.Size == Transfer.UnknownSize
        ? new(Leftovers.NameOf(transfer.Id), length, Math.Min(settings.MaximumSize, allowance.Room ?? long.MaxValue), null)
        : new(Leftovers.NameOf(transfer.Id), transfer.Size, settings.MaximumSize, null);

    async Task RecordAsync(Transfer transfer, UploadAllowance allowance, ObjectRecord stored, CancellationToken ct)
    {
        var proof = new BytesStored(transfer.Id, stored)
        {
            Allowed = allowance.Rules is { } rules ? (transfer.DeviceId, rules) : null,
        };
        await inbox.PostAsync(proof, ct);
        // the bytes are on the disk: from here a device that leaves does not undo them
        await proof.Done;
    }
}
