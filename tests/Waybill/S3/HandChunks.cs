using System.Text;

namespace Waybill.Tests.S3;

/// <summary>Bodies in chunks, each signed by hand (<c>STREAMING-AWS4-HMAC-SHA256-PAYLOAD</c>).</summary>
static class HandChunks
{
    /// <summary>The request whose body these chunks are. It is sent with what <see cref="Frames"/> makes of them.</summary>
    public static HandSigned Request(string target, params byte[][] chunks) => new("PUT", target)
    {
        Payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        Headers = [("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", $"{chunks.Sum(c => c.Length)}")],
    };

    /// <summary>Every chunk behind its line, and the empty one.</summary>
    public static List<byte[]> Frames(HandSigned request, Uri endpoint, params byte[][] chunks)
    {
        var previous = request.Signature(endpoint);
        var frames = new List<byte[]>();
        foreach (var chunk in chunks.Append([]))
        {
            var text = $"AWS4-HMAC-SHA256-PAYLOAD\n{request.Time}\n{request.Scope}\n{previous}\n{HandSigned.Hash([])}\n{HandSigned.Hash(chunk)}";
            previous = Convert.ToHexStringLower(HandSigned.Hmac(request.Key, text));
            frames.Add([.. Encoding.ASCII.GetBytes($"{chunk.Length:x};chunk-signature={previous}\r\n"), .. chunk, .. "\r\n"u8]);
        }
        return frames;
    }
}
