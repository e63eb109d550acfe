namespace Waybill.Objects;

/// <summary>An object as it is given out: its bytes, and the name a browser saves it under.</summary>
sealed record ObjectContent(Sha256Digest Sha256, Md5Digest Md5, long Size, string FileName);
