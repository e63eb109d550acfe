using Waybill.Protocols;

namespace Waybill.S3.Wire;

static class ContentMd5
{
    /// <summary>Null when there is none.</summary>
    /// <exception cref="RefusedException"><c>InvalidDigest</c>.</exception>
    public static Md5Digest? Of(S3Request request)
    {
        if (request.Header("Content-MD5") is not { } text)
            return null;
        return Md5Digest.TryParseBase64(text, out var md5) ? md5 : throw new RefusedException("InvalidDigest", "The Content-MD5 you specified was invalid.");
    }
}
