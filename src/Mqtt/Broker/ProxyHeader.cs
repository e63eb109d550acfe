using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Waybill.Mqtt.Broker;

/// <summary>The header of the PROXY protocol, versions 1 (text) and 2 (binary), for TCP.</summary>
static class ProxyHeader
{
    /// <summary>Longest line of version 1 with its CR LF.</summary>
    const int LongestLine = 107;

    /// <summary>Bytes of addresses and extensions that are taken; the specification's own reckoning ends at 536 in all.</summary>
    const int LongestBody = 2048;

    const int Fixed = 16;

    public enum Status { NeedMore, Ok, Bad }

    static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads the header from the beginning; without a source the connection is the proxy's own.</summary>
    public static Status TryRead(in ReadOnlySequence<byte> buffer, out long consumed, out IPEndPoint? source)
    {
        (consumed, source) = (0, null);
        var head = buffer.Slice(0, Math.Min(buffer.Length, Fixed + LongestBody)).ToArray();
        if (head.Length == 0) return Status.NeedMore;
        return head[0] == Signature[0] ? TryReadBinary(head, out consumed, out source) : TryReadLine(head, out consumed, out source);
    }

    static Status TryReadBinary(ReadOnlySpan<byte> head, out long consumed, out IPEndPoint? source)
    {
        (consumed, source) = (0, null);
        var known = Math.Min(head.Length, Signature.Length);
        if (!head[..known].SequenceEqual(Signature[..known])) return Status.Bad;
        if (head.Length < Fixed) return Status.NeedMore;
        var length = BinaryPrimitives.ReadUInt16BigEndian(head[14..]);
        // LOCAL is 0, PROXY is 1
        if (head[12] is not (0x20 or 0x21) || length > LongestBody) return Status.Bad;
        if (head.Length < Fixed + length) return Status.NeedMore;
        consumed = Fixed + length;
        var addresses = head.Slice(Fixed, length);
        var size = head[12] == 0x20 ? 0 : head[13] switch { 0x11 => 4, 0x21 => 16, _ => 0 };
        if (size == 0) return Status.Ok;
        if (addresses.Length < 2 * size + 4) return Status.Bad;
        source = new(new IPAddress(addresses[..size]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * size)..]));
        return Status.Ok;
    }

    static Status TryReadLine(ReadOnlySpan<byte> head, out long consumed, out IPEndPoint? source)
    {
        (consumed, source) = (0, null);
        var word = "PROXY "u8;
        var known = Math.Min(head.Length, word.Length);
        if (!head[..known].SequenceEqual(word[..known])) return Status.Bad;
        var end = head[..Math.Min(head.Length, LongestLine)].IndexOf("\r\n"u8);
        if (end < 0) return head.Length < LongestLine ? Status.NeedMore : Status.Bad;
        consumed = end + 2;
        var parts = Encoding.ASCII.GetString(head[..end]).Split(' ');
        if (parts is ["PROXY", "UNKNOWN", ..]) return Status.Ok;
        if (parts is not ["PROXY", "TCP4" or "TCP6", var address, _, var port, _]
            || !IPAddress.TryParse(address, out var from) || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Status.Bad;
        source = new(from, number);
        return Status.Ok;
    }
}
