using System.Buffers;
using System.Net;

namespace Waybill.Device;

/// <summary>The body of an upload: exactly the announced number of bytes, read from position 0 while they are sent.</summary>
sealed class UploadBody(Stream content, long size, Func<long, ValueTask> moved) : HttpContent
{
    const int BufferSize = 64 * 1024;

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (long sent = 0; sent < size;)
            {
                var most = (int)Math.Min(buffer.Length, size - sent);
                var read = await content.ReadAsync(buffer.AsMemory(0, most), cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException("The content is shorter than announced.");
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
                await moved(sent);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
