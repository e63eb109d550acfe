using System.Security.Cryptography;
using Waybill.Protocols;
using Xunit;

namespace Waybill.Tests.Protocols;

public sealed class Md5Tests
{
    const string Hex = "c4f84378c4983a2b0e53f5aa7f775b6b";

    [Theory]
    [InlineData("c4f84378c4983a2b0e53f5aa7f775b6b")]
    [InlineData("C4F84378C4983A2B0E53F5AA7F775B6B")]
    [InlineData("c4F84378c4983a2B0e53f5aA7f775b6B")]
    public void Text_comes_back_in_the_case_it_was_written_in(string text)
    {
        Assert.True(Md5Text.TryParse(Bytes.Of(text), out var md5));
        Assert.Equal(text, md5.ToString());
        Assert.Equal(Hex, md5.Digest.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c4f84378c4983a2b0e53f5aa7f775b6")]
    [InlineData("c4f84378c4983a2b0e53f5aa7f775b6bb")]
    [InlineData("c4f84378c4983a2b0e53f5aa7f775b6g")]
    [InlineData(" c4f84378c4983a2b0e53f5aa7f775b6")]
    [InlineData("0xf84378c4983a2b0e53f5aa7f775b6b")]
    [InlineData("c4f84378c4983a2b0e53f5aa7f775bé")]
    public void Anything_but_32_hexadecimal_digits_is_refused(string text)
    {
        Assert.False(Md5Text.TryParse(Bytes.Of(text), out _));
        Assert.False(Md5Digest.TryParse(text, out _));
    }

    [Fact]
    public void Digest_reads_both_cases_as_one_value()
    {
        Assert.True(Md5Digest.TryParse(Hex, out var lower));
        Assert.True(Md5Digest.TryParse(Hex.ToUpperInvariant(), out var upper));
        Assert.Equal(lower, upper);
    }

    [Fact]
    public void Content_md5_header_is_the_base64_of_the_raw_bytes()
    {
        var bytes = MD5.HashData("waybill"u8);
        var digest = Md5Digest.FromBytes(bytes);
        Assert.Equal(Convert.ToBase64String(bytes), digest.ToBase64());
        Assert.True(Md5Digest.TryParseBase64(digest.ToBase64(), out var back));
        Assert.Equal(digest, back);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xPhDeMSYOisOU/Wqf3dbaw")]
    [InlineData("xPhDeMSYOisOU/Wqf3dbawAA")]
    [InlineData("xPhDeMSYOisOU/Wqf3dba===")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!==")]
    public void Bad_content_md5_is_refused(string text) => Assert.False(Md5Digest.TryParseBase64(text, out _));
}
