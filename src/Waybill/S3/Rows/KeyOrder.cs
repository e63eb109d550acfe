using System.Text;

namespace Waybill.S3.Rows;

/// <summary>Positions among keys, which are ordered by their UTF-8 bytes and hold no NUL.</summary>
static class KeyOrder
{
    /// <summary>The first key that could follow this one.</summary>
    public static string After(string key) => key + "\u0001";

    /// <summary>The first that could follow all keys with this beginning; null when none can.</summary>
    public static string? AfterAll(string prefix)
    {
        for (var end = prefix; end.Length > 0;)
        {
            var status = Rune.DecodeLastFromUtf16(end, out var last, out var length);
            end = end[..^length];
            if (status == System.Buffers.OperationStatus.Done && last.Value < 0x10FFFF)
                // between U+D7FF and U+E000 lie the surrogates, which are no text
                return end + new Rune(last.Value == 0xD7FF ? 0xE000 : last.Value + 1);
        }
        return null;
    }

    /// <summary>Compares as the databases do.</summary>
    public static int Compare(string a, string b)
    {
        var (left, right) = (a.EnumerateRunes().GetEnumerator(), b.EnumerateRunes().GetEnumerator());
        while (left.MoveNext())
        {
            if (!right.MoveNext())
                return 1;
            if (left.Current != right.Current)
                return left.Current.CompareTo(right.Current);
        }
        return right.MoveNext() ? -1 : 0;
    }
}
