using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Waybill.Protocols;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>What the device holds of a file by now, and its running MD5. Bytes are written and hashed in one go, so both always agree.</summary>
sealed class SavedContent(Stream content, long size, Md5Digest md5) : IDisposable
{
    const int BufferSize = 64 * 1024;

    readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    public long Length { get; private set; }

    public bool IsWhole => Length == size;

    /// <summary>Takes up what an earlier life of the device has left.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (content.Length > size)
            content.SetLength(0);
        content.Position = 0;
        await _md5.AppendAsync(content, ct);
        Length = content.Length;
    }

    /// <summary>Appends a response to the request for everything from <see cref="Length"/> to an end.</summary>
    public async Task FillAsync(HttpResponseMessage response, long end, Func<long, ValueTask> moved, Stall stall)
    {
        // A server without ranges begins at 0
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            Restart();
            end = size;
        }
        else if (response.Content.Headers.ContentRange?.From is { } from && from != Length)
        {
            throw new IOException("The file server sent another range than it was asked for.");
        }
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (Length < end)
            {
                var most = (int)Math.Min(buffer.Length, end - Length);
                var read = await body.ReadAsync(buffer.AsMemory(0, most), stall.Token);
                if (read == 0)
                    throw new EndOfStreamException("The file server sent less than the file.");
                await content.WriteAsync(buffer.AsMemory(0, read), stall.Token);
                _md5.AppendData(buffer, 0, read);
                Length += read;
                stall.Moved();
                await moved(Length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Result code of the finished content; one whose MD5 is wrong is thrown away.</summary>
    public async Task<int> CheckAsync(CancellationToken ct)
    {
        await content.FlushAsync(ct);
        if (_md5.Digest() == md5)
            return HubResults.Ok;
        Restart();
        return HubResults.Md5NotMatched;
    }

    public void Dispose() => _md5.Dispose();

    public void Restart()
    {
        content.SetLength(0);
        content.Position = 0;
        _md5.Digest();
        Length = 0;
    }
}
