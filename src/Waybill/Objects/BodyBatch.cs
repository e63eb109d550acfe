using System.Buffers;

namespace Waybill.Objects;

/// <summary>Bytes of a body that several lanes work on at once; done when each of them is, failed if one did.</summary>
sealed class BodyBatch(ReadOnlySequence<byte> bytes, int lanes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    int left = lanes;
    Exception? failure;

    public long Length => bytes.Length;

    public void Work(Action<ReadOnlySequence<byte>> work)
    {
        try
        {
            work(bytes);
        }
        catch (Exception e)
        {
            failure = e;
        }
        if (Interlocked.Decrement(ref left) > 0)
            return;
        if (failure is null)
            SetResult();
        else
            SetException(failure);
    }
}
