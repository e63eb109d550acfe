namespace Waybill.Transfers;

/// <summary>A report that names its file with the version: of another version it is not about this transfer.</summary>
sealed class FileReport(TransferKey key, string? version, ReportedProgress progress) : TransferReport(key, progress)
{
    protected override Transfer? Find(TransferView view) =>
        view.Find(Key) is { } newest && (version is null || newest.Version == version) ? newest : null;
}

/// <summary>A report on an upload that names it by the token it was given.</summary>
sealed class UploadReport(long deviceId, long id, ReportedProgress progress)
    : TransferReport(new(deviceId, TransferKind.Upload, ""), progress)
{
    public override void Need(TransferView view) => view.NeededIds.Add(id);

    protected override Transfer? Find(TransferView view) =>
        view.Find(id) is { Kind: TransferKind.Upload } upload && upload.DeviceId == Key.DeviceId ? upload : null;
}
