using System.Xml;

namespace Waybill.S3.Wire;

/// <summary>What a refused request is told.</summary>
static class ErrorAnswer
{
    public const string Root = "Error";

    public static Action<XmlWriter> Of(HttpContext http, string code, string text) => xml =>
    {
        xml.Value("Code", code);
        xml.Value("Message", text);
        xml.Value("Resource", http.Request.Path.Value);
        xml.Value("RequestId", http.Response.Headers["x-amz-request-id"].ToString());
        xml.Value("HostId", http.Response.Headers["x-amz-id-2"].ToString());
    };
}
