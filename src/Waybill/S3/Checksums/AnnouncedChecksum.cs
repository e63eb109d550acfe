using Waybill.S3.Signing;

namespace Waybill.S3.Checksums;

/// <summary>The checksum a request speaks of: which, and its value where that is known before the body has been read.</summary>
sealed record AnnouncedChecksum(ChecksumKind Kind, string? Value)
{
    const string AlgorithmHeader = "x-amz-sdk-checksum-algorithm";

    /// <summary>Null when it has none.</summary>
    /// <exception cref="RefusedException">It is more than one, unknown or no value of its kind.</exception>
    public static AnnouncedChecksum? Of(IHeaderDictionary headers)
    {
        AnnouncedChecksum? found = null;
        foreach (var (name, value) in headers)
        {
            if (KindOf(name) is not { } kind)
                continue;
            if (found is not null)
                throw new RefusedException("InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            found = new(kind, Checked(kind, value.ToString()));
        }
        if (found is not null)
            return found;
        return headers[AlgorithmHeader].ToString() is { Length: > 0 } named && named != "MD5" ? new(ChecksumKinds.Read(named), null) : null;
    }

    /// <summary>Refuses a value that is not the base64 of as many bytes as its kind has.</summary>
    public static string Checked(ChecksumKind kind, string value)
    {
        Span<byte> bytes = stackalloc byte[48];
        return value.Length <= 64 && Convert.TryFromBase64String(value, bytes, out var count) && count == kind.Length()
            ? value
            : throw new RefusedException("InvalidRequest", $"Value for {kind.Header()} header is invalid.");
    }

    static ChecksumKind? KindOf(string header)
    {
        if (!header.StartsWith(ChecksumKinds.HeaderStart, StringComparison.OrdinalIgnoreCase))
            return null;
        var name = header[ChecksumKinds.HeaderStart.Length..];
        return name.ToLowerInvariant() is "algorithm" or "type" or "mode" ? null : ChecksumKinds.Read(name);
    }
}
