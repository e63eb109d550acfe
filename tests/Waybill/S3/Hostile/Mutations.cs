using FsCheck;
using FsCheck.Fluent;

namespace Waybill.Tests.S3.Hostile;

/// <summary>Texts that were right once: characters changed, put in, taken out, pieces repeated, the end cut off.</summary>
static class Mutations
{
    static readonly char[] s_hostile = [.. "0aAzZf9 ,;=/&%+-._~\r\n\t\0:<>\"'!#(){}[]\\|", '\u007f', '\u00a0', '\u00e9', '\u00ff'];

    public static Gen<string> Of(string text) =>
        from edits in Gen.ArrayOf(Edit(text.Length)).Where(e => e.Length > 0)
        select edits.Take(4).Aggregate(text, (before, edit) => edit(before));

    static Gen<Func<string, string>> Edit(int length) =>
        from at in Gen.Choose(0, length - 1)
        from count in Gen.Choose(1, 20)
        from c in Gen.Elements(s_hostile)
        from kind in Gen.Choose(0, 9)
        select (Func<string, string>)(text => Apply(text, Math.Min(at, text.Length), count, c, kind));

    static string Apply(string text, int at, int count, char c, int kind)
    {
        var piece = text.Substring(at, Math.Min(count, text.Length - at));
        return kind switch
        {
            < 4 => at < text.Length ? text[..at] + c + text[(at + 1)..] : text + c,
            < 6 => text.Insert(at, c.ToString()),
            6 => text.Remove(at, piece.Length),
            7 => text.Insert(at, piece),
            8 => text[..at],
            _ => text + piece,
        };
    }
}
