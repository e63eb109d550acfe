using Waybill.Devices;
using Xunit;

namespace Waybill.Tests.Devices;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b\r\nc,d\r\n", "1:a|b", "2:c|d")]
    [InlineData("a,\"b,c\"\n\n\"x\ny\",z", "1:a|b,c", "3:x\ny|z")]
    [InlineData("\"a\"\"b\",\n", "1:a\"b|")]
    [InlineData("a\"b,c\nd", "1:!", "2:d")]
    [InlineData("\"a\"b\nd", "1:!", "2:d")]
    [InlineData("\"never closed", "1:!")]
    [InlineData("")]
    public async Task Records_are_read_with_their_lines(string text, params string[] expected)
    {
        using var reader = new StringReader(text);
        var csv = new CsvReader(reader);
        var records = new List<string>();
        while (await csv.ReadAsync(House.Soon) is { } record)
            records.Add($"{record.Line}:{(record.Mistake is null ? string.Join('|', record.Cells) : "!")}");
        Assert.Equal(expected, records);
    }

    [Fact]
    public async Task A_record_without_end_is_cut_off_and_the_next_is_read()
    {
        using var reader = new StringReader($"\"{new string('x', 100_000)}\nnext");
        var csv = new CsvReader(reader);
        Assert.NotNull((await csv.ReadAsync(House.Soon))!.Mistake);
        Assert.Equal(["next"], (await csv.ReadAsync(House.Soon))!.Cells);
    }
}
