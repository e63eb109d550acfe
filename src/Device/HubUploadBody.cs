using System.Buffers;
using System.Net;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>The body of an upload: exactly the announced number of bytes, read from position 0 while they are sent.</summary>
sealed class HubUploadBody(Stream content, HubResource resource, Func<long, ValueTask> moved) : HttpContent
{
    const int BufferSize = 64 * 1024;

    public HubResource Resource => resource;

    protected override bool TryComputeLength(out long length)
    {
        length = resource.Size;
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
            for (long sent = 0; sent < resource.Size;)
            {
                var most = (int)Math.Min(buffer.Length, resource.Size - sent);
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
