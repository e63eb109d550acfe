using Waybill.Files;
using Waybill.Protocols;

namespace Waybill.Api.Tencent;

/// <summary>A file's way from an app: a URL, its bytes, then the word that they are all there.</summary>
sealed class AppUploads(UserFiles files, UploadSlots slots, Library library, FileUrls urls)
{
    public async Task<ActionAnswer> OpenAsync(ActionCall call, CancellationToken ct)
    {
        var file = await files.OfAsync(call, ct);
        var slot = await slots.OpenAsync(file.Owner, file.Name, SizeOf(call), ct);
        return new UploadUrlAnswer(urls.ToFill(slot, call.UrlBase), slot.Name);
    }

    public async Task<ActionAnswer> CreateAsync(ActionCall call, CancellationToken ct)
    {
        var (file, size) = (await files.OfAsync(call, ct), SizeOf(call));
        if (!Md5Digest.TryParse(call.Parameters.Text("FileHash"), out var md5))
            throw ActionParameters.Invalid("FileHash", "an MD5 in 32 hexadecimal digits");
        var type = call.Parameters.MaybeText("ResourceType") ?? LibraryFile.UsualType;
        if (!FileNames.IsType(type))
            throw ActionParameters.Invalid("ResourceType", FileNames.AllowedType);
        if ((await slots.FindAsync(file.Owner, file.Name, ct))?.Bytes is not { } bytes)
            throw new RefusedException("ResourceNotFound.ResourceFileNotExist", "No bytes were put to the URL of this file, or too long ago.");
        if (bytes.Size != size || bytes.Md5 != md5)
            throw new RefusedException("FailedOperation.ResourceFileNotMatch", "What was put to the URL has another size or MD5.");
        // one object, a file of each device; what was added stays when this breaks off, and adding it again changes nothing
        foreach (var device in file.Owner.Devices)
            await library.AddAsync(new(file.Owner.ProductId, device), file.Name, type, bytes, ct);
        return new ResourceNameAnswer(file.Name.Name);
    }

    // devices count in signed 32 bits
    static long SizeOf(ActionCall call) => call.Parameters.Number("FileSize", 0, int.MaxValue);
}
