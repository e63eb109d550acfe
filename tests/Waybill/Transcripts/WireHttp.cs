using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Waybill.Tests.Transcripts;

/// <summary>HTTP/1.1 on a bare socket, so that header case, broken bodies and half-read answers are what they are.</summary>
sealed class WireHttp(TcpClient tcp) : IDisposable
{
    readonly NetworkStream _stream = tcp.GetStream();
    byte[] _rest = [];

    public static async Task<WireHttp> ConnectAsync(Uri url)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port, House.Soon);
        return new(tcp);
    }

    public async Task WriteAsync(string head, ReadOnlyMemory<byte> body)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(head), House.Soon);
        await _stream.WriteAsync(body, House.Soon);
    }

    /// <summary>The lines up to the empty one.</summary>
    public async Task<IReadOnlyList<string>> ReadHeadAsync()
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var end = EndOfHead(bytes);
            if (end >= 0)
            {
                _rest = [.. bytes[(end + 4)..]];
                return Encoding.ASCII.GetString([.. bytes[..end]]).Split("\r\n");
            }
            var read = await _stream.ReadAsync(buffer, House.Soon);
            if (read == 0)
                throw new EndOfStreamException("the connection ended before the head did");
            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }

    /// <summary>At most so many bytes of the body; fewer when the other side ends it.</summary>
    public async Task<byte[]> ReadBodyAsync(long count)
    {
        var body = new byte[count];
        var length = (int)Math.Min(count, _rest.Length);
        _rest.AsSpan(0, length).CopyTo(body);
        for (int read; length < count && (read = await ReadAsync(body.AsMemory(length))) > 0;)
            length += read;
        return body[..length];
    }

    public static string? Header(IReadOnlyList<string> head, string canonicalName) =>
        head.Skip(1).FirstOrDefault(l => l.StartsWith(canonicalName + ": ", StringComparison.Ordinal))?[(canonicalName.Length + 2)..];

    /// <summary><c>content-length</c> as <c>Content-Length</c>, the only spelling the C SDK finds.</summary>
    public static string Canonical(string name) =>
        string.Join('-', name.Split('-').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)).Replace("Md5", "MD5", StringComparison.Ordinal);

    /// <summary>Breaks the connection with a reset.</summary>
    public void Break() => tcp.Client.Close(0);

    public void Dispose() => tcp.Dispose();

    async Task<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            return await _stream.ReadAsync(buffer, House.Soon);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static int EndOfHead(List<byte> bytes) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes).IndexOf("\r\n\r\n"u8);
}
