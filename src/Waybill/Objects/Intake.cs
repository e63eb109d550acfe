using System.Buffers;

namespace Waybill.Objects;

/// <summary>What a body must be to be stored. The name is the temporary file's: ASCII letters, digits, '-' and '_'.</summary>
sealed record Intake(string Name, long? ExpectedSize, long MaximumSize, Md5Digest? ExpectedMd5)
{
    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public string Name { get; } = Name.Length is > 0 and <= 100 && !Name.AsSpan().ContainsAnyExcept(Allowed)
        ? Name
        : throw new ArgumentException("Not a name for a temporary file.", nameof(Name));
}
