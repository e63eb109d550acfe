using System.Globalization;

namespace Waybill.Cli.Simulate;

/// <summary>Sizes as people write them: 4096, 4KB, 2MB, 1.5GB, in powers of 1024.</summary>
static class ByteSize
{
    static readonly (string Unit, long Bytes)[] Units = [("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10), ("B", 1)];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var (unit, times) = Units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        var isNumber = decimal.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        if (!isNumber || number > long.MaxValue / times)
            return false;
        bytes = (long)(number * times);
        return true;
    }

    /// <summary>One size, or two with <c>..</c> between them.</summary>
    public static bool TryParseRange(string text, out (long Least, long Most) range)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var isBoth = TryParse(dots < 0 ? text : text[..dots], out var least) & TryParse(dots < 0 ? text : text[(dots + 2)..], out var most);
        range = (least, most);
        return isBoth && least <= most;
    }

    public static string Text(long bytes)
    {
        var (unit, size) = Units.First(u => bytes >= u.Bytes || u.Bytes == 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / size:0.#} {unit}");
    }
}
