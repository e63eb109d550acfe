using Waybill.Data;

namespace Waybill.Files;

/// <summary>URLs for who has no key: a capability to bring the bytes of one slot, or to read those of one file or finished upload.</summary>
sealed class FileUrls(Seal seal)
{
    public const string Path = "/o/f/";

    public string ToFill(UploadSlot slot, string urlBase) => Write(urlBase, slot.Id, slot.ExpiresAt, SealPurpose.UploadSlot);

    public string ToRead(LibraryFile file, string urlBase, long expiresAt) => Write(urlBase, file.Id, expiresAt, SealPurpose.LibraryFile);

    /// <summary>What a device uploaded with this transfer.</summary>
    public string ToReadUpload(long transferId, string urlBase, long expiresAt) => Write(urlBase, transferId, expiresAt, SealPurpose.UploadedBytes);

    public bool TryRead(string token, SealPurpose purpose, out long id, out long expiresAt) => seal.TryRead(token, purpose, out id, out expiresAt);

    string Write(string urlBase, long id, long expiresAt, SealPurpose purpose) => string.Concat(urlBase, Path, seal.Write(id, expiresAt, purpose));
}
