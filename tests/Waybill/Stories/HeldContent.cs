using System.Net;

namespace Waybill.Tests.Stories;

/// <summary>A body that stops half-way until it is released.</summary>
sealed class HeldContent(byte[] bytes) : HttpContent
{
    readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _released.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), House.Soon);
        await stream.FlushAsync(House.Soon);
        await _released.Task;
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2), House.Soon);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
