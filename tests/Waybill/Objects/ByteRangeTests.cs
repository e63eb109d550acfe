using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-", 0, 100)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=99-", 99, 1)]
    [InlineData("bytes=99-100", 99, 1)]
    [InlineData("bytes=4-100", 4, 96)]
    [InlineData("bytes=0-99999999999999999999999999", 0, 100)]
    [InlineData("bytes=-1", 99, 1)]
    [InlineData("bytes=-100", 0, 100)]
    [InlineData("bytes=-101", 0, 100)]
    [InlineData("bytes=-99999999999999999999999999", 0, 100)]
    [InlineData("BYTES=1-2", 1, 2)]
    [InlineData("bytes= 1-2 ", 1, 2)]
    public void A_single_range_is_cut_to_the_object(string header, long offset, long length) =>
        Assert.Equal(new ByteRange(offset, length), ByteRange.Parse(header, 100));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=--5")]
    [InlineData("bytes=-5-")]
    [InlineData("bytes=5--")]
    [InlineData("bytes=+5-6")]
    [InlineData("bytes=5-x")]
    [InlineData("bytes=x-5")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("bytes=0 -1")]
    [InlineData("items=0-1")]
    [InlineData("bytes=\u0661-\u0662")]
    public void Anything_else_means_the_whole_object(string? header) => Assert.Null(ByteRange.Parse(header, 100));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=100-100")]
    [InlineData("bytes=101-200")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999999999999999999999-")]
    public void A_range_beyond_the_object_is_refused(string header) =>
        Assert.Equal("range_not_satisfiable", Assert.Throws<RefusedException>(() => ByteRange.Parse(header, 100)).Code);

    [Fact]
    public void An_empty_object_is_always_whole() => Assert.Null(ByteRange.Parse("bytes=0-", 0));
}
