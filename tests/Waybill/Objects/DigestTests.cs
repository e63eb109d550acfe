using System.Security.Cryptography;
using Waybill.Objects;
using Waybill.Protocols;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class DigestTests
{
    // RFC 1321 A.5 and FIPS 180-4: "abc".
    const string Md5Abc = "900150983cd24fb0d6963f7d28e17f72";
    const string Sha256Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Digests_are_written_and_read_as_hexadecimal()
    {
        var md5 = Md5Digest.FromBytes(MD5.HashData("abc"u8));
        var sha256 = Sha256Digest.FromBytes(SHA256.HashData("abc"u8));
        Assert.Equal((Md5Abc, Sha256Abc), (md5.ToString(), sha256.ToString()));
        Assert.True(Md5Digest.TryParse(Md5Abc.ToUpperInvariant(), out var parsedMd5));
        Assert.True(Sha256Digest.TryParse(Sha256Abc, out var parsedSha256));
        Assert.Equal((md5, sha256), (parsedMd5, parsedSha256));
        Assert.Equal(md5, Md5Digest.FromBytes(md5.ToBytes()));
        Assert.Equal(sha256, Sha256Digest.FromBytes(sha256.ToBytes()));
    }

    [Fact]
    public void Content_md5_is_base64()
    {
        Assert.True(Md5Digest.TryParseBase64("kAFQmDzST7DWlj99KOF/cg==", out var digest));
        Assert.Equal(Md5Abc, digest.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("90015098")]
    [InlineData("g00150983cd24fb0d6963f7d28e17f72")]
    [InlineData(" 00150983cd24fb0d6963f7d28e17f72")]
    [InlineData("900150983cd24fb0d6963f7d28e17f7200")]
    public void Other_text_is_no_md5(string text)
    {
        Assert.False(Md5Digest.TryParse(text, out _));
        Assert.False(Md5Digest.TryParseBase64(text, out _));
    }
}
