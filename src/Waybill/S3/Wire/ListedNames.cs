using System.Text;
using System.Xml;

namespace Waybill.S3.Wire;

/// <summary>How keys are written in a list: as they are, or escaped where <c>encoding-type=url</c> was asked for.</summary>
sealed class ListedNames(bool escaped)
{
    const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*/";

    public void Write(XmlWriter xml, string element, string? name) => xml.Value(element, name is null || !escaped ? name : Escape(name));

    public void WriteEncoding(XmlWriter xml)
    {
        if (escaped)
            xml.Value("EncodingType", "url");
    }

    /// <exception cref="RefusedException">An encoding that S3 does not know.</exception>
    public static ListedNames Of(S3Request request) => request.Query("encoding-type") switch
    {
        null or "" => new(false),
        "url" => new(true),
        _ => throw S3Refusals.InvalidArgument("Invalid Encoding Method specified in Request"),
    };

    static string Escape(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            if (Plain.Contains((char)b, StringComparison.Ordinal))
                text.Append((char)b);
            else
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
