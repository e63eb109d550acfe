using System.Net;
using Xunit;

namespace Waybill.Tests.Api.Tencent;

static class TencentReplies
{
    /// <summary>A call with nothing but a body.</summary>
    public static async Task<Reply> TokenApiAsync(this House house, string body)
    {
        using var http = new HttpClient { BaseAddress = house.Server.Api };
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        return (await Reply.OfAsync(await http.PostAsync(new Uri("/tencent/tokenapi", UriKind.Relative), content, House.Soon))).Is(HttpStatusCode.OK);
    }

    public static Reply Answered(this Reply reply)
    {
        Assert.True(reply["Response.Error.Code"] is null, reply.Text);
        Assert.NotEmpty(reply["Response.RequestId"]!);
        return reply;
    }

    public static Reply Refused(this Reply reply, string code)
    {
        Assert.True(reply["Response.Error.Code"] == code, $"expected {code}: {reply.Text}");
        Assert.NotEmpty(reply["Response.Error.Message"]!);
        Assert.NotEmpty(reply["Response.RequestId"]!);
        return reply;
    }
}
