using System.Text.Json;
using Waybill.Tests.Stories;
using Xunit;

namespace Waybill.Tests.S3.Peers;

/// <summary>AWS's SDK for JavaScript (<c>tests/aws-sdk-js</c>), version 3.</summary>
public sealed class JavaScriptSdkStories
{
    static readonly string s_program = Path.Join(Checkout.Root, "tests", "aws-sdk-js", "calls.mjs");

    [Fact]
    public async Task It_puts_gets_lists_copies_deletes_signs_and_assumes_roles()
    {
        await using var house = await S3House.StartAsync();
        var (code, output) = await Tool.RunAsync("env", "NODE_NO_WARNINGS=1", "node", s_program, house.Endpoint.OriginalString, S3House.AccessKey, S3House.Secret);
        Assert.True(code == 0, output);
        var answers = JsonElement.Parse(output);

        Assert.Equal(3, answers.GetProperty("objects").GetArrayLength());
        Assert.All(answers.GetProperty("objects").EnumerateArray(), o => Assert.Equal(
            """{"rightBodies":true,"rightKeys":true,"range":"of","copied":{"site":"A"},"deleted":6}""", o.GetRawText()));
        Assert.All(answers.GetProperty("multipart").EnumerateArray(), m => Assert.Equal("""{"listed":3,"right":true}""", m.GetRawText()));
        Assert.Equal("""{"stored":200,"body":"hello","tampered":403}""", answers.GetProperty("presigned").GetRawText());
        Assert.Equal(
            """{"inside":"nothing","outside":"AccessDenied","wrongToken":"InvalidToken","presignedOutside":"AccessDenied","wrongKey":"SignatureDoesNotMatch","wrongClock":"RequestTimeTooSkewed"}""",
            answers.GetProperty("roles").GetRawText());
    }
}
