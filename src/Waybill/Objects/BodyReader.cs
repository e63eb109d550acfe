using System.Buffers;
using System.IO.Pipelines;

namespace Waybill.Objects;

/// <summary>One body as it arrives, held to its announced size. A connection that breaks is a cancellation, not a failure of ours.</summary>
sealed class BodyReader(PipeReader body, Intake intake)
{
    long received;

    public bool Completed { get; private set; }

    /// <summary>The next bytes, at least so many unless the body ends. They are the pipe's, valid until <see cref="Advance"/>.</summary>
    public async ValueTask<ReadOnlySequence<byte>> ReadAsync(int minimum, CancellationToken ct)
    {
        var buffer = await ReadPipeAsync(minimum, ct);
        received += buffer.Length;
        if (Refusal() is not { } refusal)
            return buffer;
        Advance(buffer);
        throw refusal;
    }

    public void Advance(ReadOnlySequence<byte> consumed) => body.AdvanceTo(consumed.End);

    async ValueTask<ReadOnlySequence<byte>> ReadPipeAsync(int minimum, CancellationToken ct)
    {
        try
        {
            var read = await body.ReadAtLeastAsync(minimum, ct);
            if (read.IsCanceled)
                throw new OperationCanceledException("Reading the body was cancelled.");
            Completed = read.IsCompleted;
            return read.Buffer;
        }
        catch (IOException e)
        {
            throw new OperationCanceledException("The connection broke within the body.", e, ct);
        }
    }

    RefusedException? Refusal()
    {
        if (received > intake.MaximumSize)
            return new("too_large", $"The body is longer than the allowed {intake.MaximumSize} bytes.");
        if (intake.ExpectedSize is { } size && (received > size || Completed && received < size))
            return new("size_mismatch", $"The body is not the announced {size} bytes.");
        return null;
    }
}
