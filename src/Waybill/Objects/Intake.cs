using System.Buffers;
using Waybill.Protocols;

namespace Waybill.Objects;

/// <summary>What a body must be to be stored. By its name, of ASCII letters, digits, '-' and '_', the next start finds what a crash left of it; null where
/// nobody will ask for it.</summary>
sealed record Intake(string? Name, long? ExpectedSize, long MaximumSize, Md5Digest? ExpectedMd5)
{
    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What else is computed over the body and judged before it is stored.</summary>
    public BodyCheck? Check { get; init; }

    public string? Name { get; } = Name is null || Name.Length is > 0 and <= 100 && !Name.AsSpan().ContainsAnyExcept(Allowed)
        ? Name
        : throw new ArgumentException("Not a name for a temporary file.", nameof(Name));
}

/// <summary>Work on the bytes as they arrive, on a thread of its own, and a judgement at the end that refuses by throwing.</summary>
sealed record BodyCheck(Action<ReadOnlySequence<byte>>? Work, Action<Sha256Digest, Md5Digest> Judge);
