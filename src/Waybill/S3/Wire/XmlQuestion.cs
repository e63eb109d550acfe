using System.Buffers;
using System.Xml;
using System.Xml.Linq;
using Waybill.Objects;
using Waybill.Protocols;
using Waybill.S3.Checksums;

namespace Waybill.S3.Wire;

/// <summary>XML that a request brings: bounded in bytes and depth, without a document type.</summary>
static class XmlQuestion
{
    const int MostBytes = 2 << 20;
    const int MostDepth = 8;

    static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostBytes,
        CheckCharacters = false,
    };

    /// <summary>The root element, whatever namespace it has.</summary>
    /// <exception cref="RefusedException"><c>MalformedXML</c>, or the body is not what its request said.</exception>
    public static async Task<XElement> ReadAsync(S3Request request, string root) =>
        await ReadOptionalAsync(request, root) ?? throw S3Refusals.MalformedXml();

    /// <summary>The same; null for an empty body.</summary>
    public static async Task<XElement?> ReadOptionalAsync(S3Request request, string root)
    {
        var bytes = await BytesAsync(request);
        if (bytes.IsEmpty)
            return null;
        var document = Parse(bytes);
        return document.Name.LocalName == root ? document : throw S3Refusals.MalformedXml();
    }

    public static XElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            CheckDepth(bytes);
            using var reader = Reader(bytes);
            var document = XElement.Load(reader);
            // a reference to it passes the reader, which must let other control characters of keys through
            return document.Value.Contains('\0', StringComparison.Ordinal) ? throw S3Refusals.MalformedXml() : document;
        }
        catch (XmlException)
        {
            throw S3Refusals.MalformedXml();
        }
    }

    public static XElement? Child(this XElement parent, string name) => parent.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    public static IEnumerable<XElement> Children(this XElement parent, string name) => parent.Elements().Where(e => e.Name.LocalName == name);

    static void CheckDepth(ReadOnlyMemory<byte> bytes)
    {
        using var reader = Reader(bytes);
        while (reader.Read())
        {
            if (reader.Depth > MostDepth || reader.AttributeCount > MostDepth)
                throw S3Refusals.MalformedXml();
        }
    }

    static XmlReader Reader(ReadOnlyMemory<byte> bytes) => XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), s_settings);

    static async Task<ReadOnlyMemory<byte>> BytesAsync(S3Request request)
    {
        if (request.Payload.Length > MostBytes)
            throw S3Refusals.MalformedXml();
        var announced = AnnouncedChecksum.Of(request.Headers);
        var bytes = await ReadAllAsync(request);
        using var judged = new JudgedBody(announced, request.Payload);
        judged.Check.Work?.Invoke(new(bytes));
        var md5 = Md5Digest.FromBytes(System.Security.Cryptography.MD5.HashData(bytes.Span));
        judged.Check.Judge(Sha256Digest.FromBytes(System.Security.Cryptography.SHA256.HashData(bytes.Span)), md5);
        if (ContentMd5.Of(request) is { } expected && expected != md5)
            throw new RefusedException("md5_mismatch", "The body has another MD5.");
        return bytes;
    }

    static async Task<ReadOnlyMemory<byte>> ReadAllAsync(S3Request request)
    {
        var body = request.Payload.Body;
        while (true)
        {
            var read = await body.ReadAsync(request.Ct);
            if (read.Buffer.Length > MostBytes)
            {
                body.AdvanceTo(read.Buffer.End);
                throw S3Refusals.MalformedXml();
            }
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
