using System.Globalization;
using System.Text;
using System.Xml;

namespace Waybill.S3.Wire;

/// <summary>Answers in XML.</summary>
static class XmlAnswer
{
    public const string Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>What every answer begins with.</summary>
    public static readonly byte[] Declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>"u8.ToArray();

    static readonly XmlWriterSettings s_settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        // keys may hold characters that XML 1.0 has no place for; S3 writes them as references all the same
        CheckCharacters = false,
    };

    public static Task SendAsync(HttpContext http, string root, Action<XmlWriter> content) => SendAsync(http, StatusCodes.Status200OK, root, content);

    public static Task SendAsync(HttpContext http, int status, string root, Action<XmlWriter> content)
    {
        var bytes = Write(root, root == ErrorAnswer.Root ? null : Namespace, content);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    public static byte[] Write(string root, string? space, Action<XmlWriter> content)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, s_settings))
        {
            xml.WriteStartElement(root, space);
            content(xml);
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    public static void Value(this XmlWriter xml, string name, string? value)
    {
        if (value is not null)
            xml.WriteElementString(name, xml.LookupPrefix(Namespace) is null ? null : Namespace, value);
    }

    public static void Value(this XmlWriter xml, string name, long value) => xml.Value(name, value.ToString(CultureInfo.InvariantCulture));

    public static void Value(this XmlWriter xml, string name, bool value) => xml.Value(name, value ? "true" : "false");

    public static void Group(this XmlWriter xml, string name, Action<XmlWriter> content)
    {
        xml.WriteStartElement(name, xml.LookupPrefix(Namespace) is null ? null : Namespace);
        content(xml);
        xml.WriteEndElement();
    }

    public static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Quoted(string etag) => $"\"{etag}\"";
}
