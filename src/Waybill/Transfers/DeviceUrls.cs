using Waybill.Data;
using Waybill.Link;

namespace Waybill.Transfers;

/// <summary>Device URLs: a capability for one transfer and one direction, derived from the row's id and expiry.</summary>
sealed class DeviceUrls(Seal seal)
{
    public const string Path = "/o/";

    /// <summary>The URL this device uploads to or fetches from, on the base that its connection was given.</summary>
    public string For(Transfer transfer, DeviceConnection connection) =>
        string.Concat(connection.UrlBase, Path, seal.Write(transfer.Id, transfer.UrlExpiresAt, Purpose(transfer.Kind)));

    public bool TryRead(string token, TransferKind kind, out long transferId, out long expiresAt) =>
        seal.TryRead(token, Purpose(kind), out transferId, out expiresAt);

    static SealPurpose Purpose(TransferKind kind) => kind == TransferKind.Upload ? SealPurpose.UploadUrl : SealPurpose.DownloadUrl;
}
