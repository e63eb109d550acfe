using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary><c>Content-MD5</c> of a body (RFC 1864).</summary>
static class AnnouncedMd5
{
    /// <summary>Null when the request has none.</summary>
    /// <exception cref="RefusedException">It is no MD5.</exception>
    public static Md5Digest? Of(HttpRequest request)
    {
        string? text = request.Headers.ContentMD5;
        if (text is null)
            return null;
        return Md5Digest.TryParseBase64(text, out var md5) ? md5 : throw ByteDoor.Forbidden("Content-MD5 is not base64 of 16 bytes");
    }
}
