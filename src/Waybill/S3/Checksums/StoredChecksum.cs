using Waybill.S3.Signing;

namespace Waybill.S3.Checksums;

/// <summary>A checksum as it is kept and given out: base64, or base64 and the number of parts where it is a checksum of the parts' checksums.</summary>
sealed record StoredChecksum(ChecksumKind Kind, string Value)
{
    public bool IsComposite => Value.Contains('-', StringComparison.Ordinal);

    /// <summary>Kept as text.</summary>
    public override string ToString() => $"{Kind.Name()} {Value}";

    public static StoredChecksum? Parse(string? text) =>
        text?.Split(' ', 2) is [var name, var value] ? new(ChecksumKinds.Read(name), value) : null;
}
