using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>Takes the frames off an <c>aws-chunked</c> body, piece by piece as it comes. After a refusal it takes nothing more.</summary>
/// <remarks>Hot: chunks pass through whatever their size; only a frame's line is waited for, and that is bounded.</remarks>
sealed class ChunkDecoder(long length, ChunkSignatures? signatures, BodyChecksum? checksum, bool hasTrailer) : IDisposable
{
    public static readonly Refusal WrongSignature =
        new("SignatureDoesNotMatch", "A signature within the body does not match what was sent before it.");

    static readonly Refusal Incomplete =
        new("IncompleteBody", "The body is not the number of bytes that x-amz-decoded-content-length says.");

    static readonly Refusal Malformed = new("InvalidRequest", "The body is not aws-chunked: a chunk does not begin or end as one does.");

    static readonly Refusal MalformedTrailer =
        new("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to what x-amz-trailer says.");

    readonly IncrementalHash? chunkHash = signatures is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly ChunkTrailer trailer = new(hasTrailer ? checksum?.HeaderName : null, hasTrailer && signatures is not null);
    State state;
    ChunkHeader chunk;
    long left;
    long received;
    int blanks;

    enum State
    {
        Header,
        Content,
        ContentEnd,
        Trailer,
        Done,
    }

    public Refusal? Refusal { get; private set; }

    /// <summary>The checksum that was sent and is right, once the body has ended.</summary>
    public string? Checksum => state == State.Done && Refusal is null ? trailer.Value : null;

    /// <summary>Takes what it can; what it leaves must be shown again together with more.</summary>
    public SequencePosition Decode(in ReadOnlySequence<byte> bytes, IBufferWriter<byte> to)
    {
        var reader = new SequenceReader<byte>(bytes);
        while (Refusal is null && Step(ref reader, to))
        {
        }
        return reader.Position;
    }

    /// <summary>No more bytes will come.</summary>
    public void End()
    {
        if (state != State.Done)
            Refusal ??= Incomplete;
    }

    public void Dispose()
    {
        chunkHash?.Dispose();
        checksum?.Dispose();
    }

    bool Step(ref SequenceReader<byte> reader, IBufferWriter<byte> to) => state switch
    {
        State.Header => TryReadLine(ref reader, ChunkHeader.Longest, Malformed, out var line) && Begin(ChunkHeader.Read(line)),
        State.Content => Take(ref reader, to),
        State.ContentEnd => TryReadLine(ref reader, 2, Malformed, out var line) && EndChunk(line),
        State.Trailer => TryReadLine(ref reader, ChunkTrailer.Longest, MalformedTrailer, out var line) && TakeTrailer(line),
        _ => !reader.End && Refuse(hasTrailer ? MalformedTrailer : Malformed),
    };

    bool Begin(ChunkHeader? header)
    {
        if (header is not { } read || read.Signature is null != signatures is null)
            return Refuse(Malformed);
        if (read.Size > length - received || read.Size == 0 && received < length)
            return Refuse(Incomplete);
        (chunk, left) = (read, read.Size);
        state = left == 0 ? State.Trailer : State.Content;
        return left > 0 || IsTrue();
    }

    bool Take(ref SequenceReader<byte> reader, IBufferWriter<byte> to)
    {
        if (reader.End)
            return false;
        var span = reader.UnreadSpan;
        if (span.Length > left)
            span = span[..(int)left];
        chunkHash?.AppendData(span);
        checksum?.Append(span);
        to.Write(span);
        reader.Advance(span.Length);
        received += span.Length;
        left -= span.Length;
        if (left == 0)
            state = State.ContentEnd;
        return true;
    }

    bool EndChunk(in ReadOnlySequence<byte> line)
    {
        state = State.Header;
        return line.IsEmpty ? IsTrue() : Refuse(Malformed);
    }

    bool TakeTrailer(in ReadOnlySequence<byte> line)
    {
        if (!line.IsEmpty)
        {
            if (trailer.Take(Encoding.UTF8.GetString(line), signatures, out var refusal))
                return true;
            return Refuse(refusal ?? MalformedTrailer);
        }
        // some clients end the last chunk with an empty line of its own
        if (!trailer.IsWhole)
            return !hasTrailer || blanks++ > 0 ? Refuse(MalformedTrailer) : true;
        state = State.Done;
        return trailer.Value is null || checksum!.Finish() == trailer.Value
            || Refuse(new("BadDigest", $"The {checksum.HeaderName} you specified did not match the calculated checksum."));
    }

    bool IsTrue()
    {
        if (signatures is null)
            return true;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        chunkHash!.GetHashAndReset(hash);
        return signatures.IsChunk(hash, chunk.Signature) || Refuse(WrongSignature);
    }

    /// <summary>A line without its end.</summary>
    bool TryReadLine(ref SequenceReader<byte> reader, int longest, Refusal otherwise, out ReadOnlySequence<byte> line)
    {
        var found = reader.TryReadTo(out line, "\r\n"u8);
        if (found ? line.Length > longest : reader.Remaining > longest + 1)
            return Refuse(otherwise);
        return found;
    }

    bool Refuse(Refusal refusal)
    {
        Refusal = refusal;
        return false;
    }
}
