using System.Buffers;

namespace Waybill.Objects;

static class Hex
{
    /// <summary>Reads exactly as many digits as fill <paramref name="bytes"/>, in either case.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes) =>
        text.Length == bytes.Length * 2
        && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;
}
