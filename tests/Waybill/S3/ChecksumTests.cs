using System.Text;
using Waybill.S3.Signing;
using Xunit;

namespace Waybill.Tests.S3;

public sealed class ChecksumTests
{
    /// <summary>The check values of the CRC catalogue, and the digests of FIPS 180's implementations.</summary>
    [Theory]
    [InlineData("x-amz-checksum-crc32", "CBF43926")]
    [InlineData("X-Amz-Checksum-Crc32c", "E3069283")]
    [InlineData("x-amz-checksum-crc64nvme", "AE8B14860A799888")]
    [InlineData("x-amz-checksum-sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("x-amz-checksum-sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void A_checksum_is_the_published_one_however_the_bytes_are_cut(string header, string check)
    {
        var bytes = Encoding.ASCII.GetBytes("123456789");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            using var checksum = new BodyChecksum(BodyChecksum.KindOf(header)!.Value);
            checksum.Append(bytes.AsSpan(0, cut));
            checksum.Append(bytes.AsSpan(cut));
            Assert.Equal(Convert.ToBase64String(Convert.FromHexString(check)), checksum.Finish());
            Assert.Equal(header, checksum.HeaderName, ignoreCase: true);
        }
    }

    [Fact]
    public void Another_header_is_no_checksum() => Assert.Null(BodyChecksum.KindOf("x-amz-checksum-md4"));
}
