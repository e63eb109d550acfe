using System.Security.Cryptography;
using System.Text;

namespace Waybill.S3.Signing;

/// <summary>The one text of a request that both ends sign (AWS Signature Version 4, "Create a canonical request").</summary>
static class CanonicalRequest
{
    public static string Write(in IncomingRequest request, SignatureClaim claim, string host)
    {
        var text = new StringBuilder(1024);
        text.Append(request.Method).Append('\n').Append(PercentEncoding.OfPath(request.Path)).Append('\n');
        claim.Query.WriteTo(text, except: claim.Presigned ? "X-Amz-Signature" : null);
        text.Append('\n');
        foreach (var range in claim.SignedHeaders.AsSpan().Split(';'))
        {
            var name = claim.SignedHeaders[range];
            text.Append(name).Append(':');
            if (name == "host")
                text.Append(host);
            else
                AppendValues(text, request.Headers[name]);
            text.Append('\n');
        }
        return text.Append('\n').Append(claim.SignedHeaders).Append('\n').Append(claim.Payload.Text).ToString();
    }

    public static byte[] StringToSign(SignatureClaim claim, string canonical) => Encoding.UTF8.GetBytes(
        $"{SignatureClaim.Algorithm}\n{claim.SignedAt.Text}\n{claim.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}");

    /// <summary>Without spaces around, and one for several within.</summary>
    static void AppendValues(StringBuilder text, IEnumerable<string?> values)
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first)
                text.Append(',');
            first = false;
            var space = false;
            foreach (var c in value.AsSpan().Trim())
            {
                if (c != ' ' || !space)
                    text.Append(c);
                space = c == ' ';
            }
        }
    }
}
