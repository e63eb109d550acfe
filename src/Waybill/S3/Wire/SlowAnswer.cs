using System.Xml;

namespace Waybill.S3.Wire;

/// <summary>An answer that may take longer to make than clients wait for its first byte. It is begun in time, as a success, with blanks while
/// it is made; a refusal stands in its body then ("CompleteMultipartUpload" of the S3 API reference).</summary>
static class SlowAnswer
{
    /// <param name="http">The request.</param>
    /// <param name="root">The name of the answer.</param>
    /// <param name="making">Ends with what the answer says.</param>
    /// <param name="silence">The longest time without a byte.</param>
    public static async Task SendAsync(HttpContext http, string root, Task<Action<XmlWriter>> making, TimeSpan silence)
    {
        try
        {
            while (await Task.WhenAny(making, Task.Delay(silence, http.RequestAborted)) != making)
                await BlankAsync(http);
        }
        finally
        {
            // nothing goes on behind a request that has ended
            await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        if (http.Response.HasStarted)
            await http.Response.Body.WriteAsync(await ContentAsync(http, root, making), http.RequestAborted);
        else
            await XmlAnswer.SendAsync(http, root, await making);
    }

    static async Task BlankAsync(HttpContext http)
    {
        var begun = http.Response.HasStarted;
        if (!begun)
            http.Response.ContentType = "application/xml";
        await http.Response.Body.WriteAsync(begun ? " "u8.ToArray() : XmlAnswer.Declaration, http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    static async Task<ReadOnlyMemory<byte>> ContentAsync(HttpContext http, string root, Task<Action<XmlWriter>> making)
    {
        try
        {
            return XmlAnswer.Write(root, XmlAnswer.Namespace, await making).AsMemory(XmlAnswer.Declaration.Length);
        }
        catch (RefusedException refusal)
        {
            var (_, code, text) = S3Refusals.Answer(refusal);
            return XmlAnswer.Write(ErrorAnswer.Root, null, ErrorAnswer.Of(http, code, text)).AsMemory(XmlAnswer.Declaration.Length);
        }
    }
}
