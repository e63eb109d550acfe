using System.Net;
using System.Net.Http.Headers;
using Waybill.Protocols.TencentHub;

namespace Waybill.Device;

/// <summary>HTTP as the vendor's SDKs speak it. Codes are those a device of either dialect reports; a broken connection is an <see cref="IOException"/>.</summary>
static class FileServer
{
    static readonly HttpMessageInvoker Shared = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    public static HttpMessageInvoker On(HttpMessageHandler? handler) => handler is null ? Shared : new(handler, disposeHandler: false);

    /// <summary>Uploads; the content decides how fast.</summary>
    public static async Task<int> PutAsync(HttpMessageInvoker http, string url, UploadBody body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = body };
        using var response = await SendAsync(http, request, ct);
        return CodeOf(response.StatusCode);
    }

    /// <summary>Asks for a range. The caller disposes the response; its code is 0 when a body follows.</summary>
    public static async Task<(HttpResponseMessage Response, int Code)> GetAsync(
        HttpMessageInvoker http, string url, RangeHeaderValue? range, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = range;
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        // The C SDKs ask for it and cannot decode: a server that compresses is found out by the MD5
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate");
        var response = await SendAsync(http, request, ct);
        return (response, CodeOf(response.StatusCode));
    }

    static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker http, HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await http.SendAsync(request, ct);
        }
        catch (HttpRequestException e)
        {
            throw new IOException("The file server could not be reached, or broke off.", e);
        }
    }

    static int CodeOf(HttpStatusCode status) => status switch
    {
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => HubResults.Ok,
        HttpStatusCode.Forbidden => HubResults.SignInvalid,
        HttpStatusCode.NotFound => HubResults.FileNotExist,
        _ => HubResults.TimedOut,
    };
}
