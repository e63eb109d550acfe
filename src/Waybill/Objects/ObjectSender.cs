using System.Buffers;
using System.Net;
using Microsoft.Net.Http.Headers;

namespace Waybill.Objects;

/// <summary>Answers GET and HEAD with an object's bytes.</summary>
/// <remarks>Hot. Bytes are read from the file into the response's own memory, up to 256 KiB at a time; that memory is the pipe's.
/// Watched by <c>bench/bytes.sh</c>.</remarks>
sealed class ObjectSender(DiskStore store)
{
    const int ReadSize = 256 << 10;

    // A token of RFC 9110 5.6.2 needs neither quotes nor the second, encoded form of RFC 6266 4.3.
    static readonly SearchValues<char> PlainName =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>Sends what the request asks for, and tells <paramref name="served"/> each part (offset, length) as it goes out.
    /// Ends quietly when the client leaves.</summary>
    /// <exception cref="RefusedException">The range lies outside the object; nothing was sent.</exception>
    /// <exception cref="IOException">The object cannot be read. Abort the connection: the answer may have begun.</exception>
    public async Task SendAsync(HttpContext context, ObjectContent content, Action<long, long>? served)
    {
        using var bytes = store.Open(content.Sha256);
        if (bytes.Length != content.Size)
            throw new IOException($"Object {content.Sha256} has not the recorded {content.Size} bytes.");
        var head = HttpMethods.IsHead(context.Request.Method);
        var range = head ? null : AskedRange(context.Request, content);
        WriteHeaders(context.Response, content, range);
        if (head)
            return;
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await CopyAsync(bytes, range ?? new(0, content.Size), context, served);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; what it got has been told.
        }
    }

    static ByteRange? AskedRange(HttpRequest request, ObjectContent content)
    {
        // RFC 9110 13.1.5: a range of another version is no use to the client, it gets the whole of this one.
        var condition = request.Headers.IfRange;
        return condition.Count == 0 || condition == ETag(content) ? ByteRange.Parse(request.Headers.Range, content.Size) : null;
    }

    static void WriteHeaders(HttpResponse response, ObjectContent content, ByteRange? range)
    {
        response.StatusCode = (int)(range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent);
        response.ContentLength = range?.Length ?? content.Size;
        var headers = response.Headers;
        if (range is { } part)
            headers.ContentRange = $"bytes {part.Offset}-{part.Offset + part.Length - 1}/{content.Size}";
        headers.ContentType = "application/octet-stream";
        headers.AcceptRanges = "bytes";
        headers.ETag = ETag(content);
        headers.ContentDisposition = Disposition(content.FileName);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
    }

    static string Disposition(string fileName)
    {
        if (!fileName.AsSpan().ContainsAnyExcept(PlainName))
            return $"attachment; filename={fileName}";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(fileName);
        return disposition.ToString();
    }

    static string ETag(ObjectContent content) => $"\"{content.Md5}\"";

    /// <summary>Those bytes into the body of an answer that has begun.</summary>
    public static async Task CopyAsync(OpenObject bytes, ByteRange range, HttpContext context, Action<long, long>? served = null)
    {
        var writer = context.Response.BodyWriter;
        var end = range.Offset + range.Length;
        for (var offset = range.Offset; offset < end;)
        {
            var most = (int)Math.Min(ReadSize, end - offset);
            // A first read from memory stays on the thread that polls the sockets; longer work leaves it (decision 8).
            var count = offset == range.Offset ? bytes.ReadCached(writer.GetSpan(most)[..most], offset) : 0;
            if (count == 0)
            {
                await Task.Yield();
                count = bytes.Read(writer.GetSpan(most)[..most], offset);
            }
            if (count == 0)
                throw new EndOfStreamException("The object ends before its recorded size.");
            writer.Advance(count);
            // Before the flush: of a part that breaks off, the client may hold the beginning, and resumes after it
            served?.Invoke(offset, count);
            var flushed = await writer.FlushAsync(context.RequestAborted);
            if (flushed.IsCompleted || flushed.IsCanceled || context.RequestAborted.IsCancellationRequested)
                return;
            offset += count;
        }
    }
}
