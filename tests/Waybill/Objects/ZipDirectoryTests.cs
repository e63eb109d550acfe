using System.Buffers.Binary;
using System.IO.Compression;
using Waybill.Objects;
using Xunit;

namespace Waybill.Tests.Objects;

public sealed class ZipDirectoryTests
{
    [Fact]
    public async Task A_plain_zip_is_read_and_what_is_none_is_not()
    {
        using var bytes = new MemoryStream();
        await using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("a");
        Assert.True(ZipDirectory.IsWithinBounds(bytes));
        Assert.False(ZipDirectory.IsWithinBounds(new MemoryStream()));
        Assert.False(ZipDirectory.IsWithinBounds(new MemoryStream(new byte[100_000])));
        Assert.False(ZipDirectory.IsWithinBounds(new MemoryStream([.. "PK\u0005\u0006"u8])));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(17 << 20, true)]
    [InlineData(uint.MaxValue, false)]
    public void How_long_the_directory_is_shows_where_it_begins(uint begin, bool isShort)
    {
        var bytes = new byte[18 << 20];
        "PK\u0005\u0006"u8.CopyTo(bytes.AsSpan(^22..));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^6..), begin);
        Assert.Equal(isShort, ZipDirectory.IsWithinBounds(new MemoryStream(bytes)));
    }
}
