using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Waybill.Tracing;

/// <summary>
/// Texts without their secrets. It asks for no valid JSON, since devices send none and what is long is cut: a name in quotation marks before a
/// colon is a name, and what follows a secret one is not shown, be it text, number, list or object.
/// </summary>
static partial class Redaction
{
    public const string Hidden = "***";
    const string HiddenText = $"\"{Hidden}\"";

    /// <summary>JSON in a text in JSON, and so on.</summary>
    const int Deepest = 4;

    public static string Of(string text) => Of(text, 0);

    /// <summary>Path of a request, without the token of ours that is one.</summary>
    public static string Path(string path) => OwnToken().Replace(path, "${start}" + Hidden);

    /// <summary>Names of a query; what they are is not shown.</summary>
    public static string Query(IEnumerable<string> names) => string.Join('&', names) is { Length: > 0 } all ? "?" + all : "";

    static string Of(string text, int depth)
    {
        if (!text.Contains('"', StringComparison.Ordinal))
            return Plain(text);
        var shown = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var quote = text.IndexOf('"', at);
            var before = quote < 0 ? text[at..] : text[at..quote];
            shown.Append(Plain(before));
            if (quote < 0)
                break;
            at = EndOfText(text, quote);
            if (NamesSecret(before))
            {
                shown.Append(IsNothing(text.AsSpan(quote, at - quote)) ? text.AsSpan(quote, at - quote) : HiddenText);
                continue;
            }
            var value = AfterColon(text, at);
            if (value > 0 && SecretNames.Contain(Unescape(text[quote..at])))
            {
                shown.Append(text, quote, value - quote);
                var end = EndOfValue(text, value);
                shown.Append(IsNothing(text.AsSpan(value, end - value)) ? text.AsSpan(value, end - value) : HiddenText);
                at = end;
            }
            else
                shown.Append(InQuotes(text[quote..at], depth));
        }
        return shown.ToString();
    }

    /// <summary>Whether it ends with a secret name that has no quotation marks, and a colon or equals sign.</summary>
    static bool NamesSecret(string before) =>
        before.AsSpan().TrimEnd() is [.., ':' or '='] && NameAtEnd().Match(before) is { Success: true } name && SecretNames.Contain(name.Groups["name"].ValueSpan);

    /// <summary>A text with its quotation marks, of which a cut one has only the first.</summary>
    static string InQuotes(string quoted, int depth)
    {
        if (!quoted.Contains('\\', StringComparison.Ordinal))
            return Plain(quoted);
        var inner = Unescape(quoted);
        var shown = depth < Deepest ? Of(inner, depth + 1) : Hidden;
        if (shown == inner)
            return quoted;
        // half a character, which JSON may name but no text has, becomes a whole one
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown));
        return $"\"{JsonEncodedText.Encode(whole, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}{(quoted.EndsWith('"') ? "\"" : "")}";
    }

    static string Plain(string text)
    {
        if (text.Length < 4)
            return text;
        text = Url().Replace(text, m => m.Groups["start"].Value + (m.Groups["user"].Success ? Hidden + "@" : "") + m.Groups["rest"].Value
            + (m.Groups["query"].Success ? "?" + Hidden : ""));
        text = Path(text);
        text = Bearer().Replace(text, "${scheme} " + Hidden);
        text = Pair().Replace(text, m => SecretNames.Contain(m.Groups["name"].Value) ? m.Groups["name"].Value + m.Groups["is"].Value + Hidden : m.Value);
        return Mac().Replace(text, Hidden);
    }

    /// <summary>Behind the closing quotation mark, or the end.</summary>
    static int EndOfText(string text, int quote)
    {
        for (var at = quote + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at + 1;
        }
        return text.Length;
    }

    /// <summary>Where the value begins when this was a name; otherwise 0.</summary>
    static int AfterColon(string text, int at)
    {
        at = AfterSpace(text, at);
        if (at >= text.Length || text[at] != ':')
            return 0;
        at = AfterSpace(text, at + 1);
        return at < text.Length ? at : 0;
    }

    static int AfterSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    static int EndOfValue(string text, int at)
    {
        if (text[at] == '"')
            return EndOfText(text, at);
        var depth = 0;
        while (at < text.Length)
        {
            var c = text[at];
            if (depth == 0 && c is ',' or '}' or ']')
                return at;
            at = c == '"' ? EndOfText(text, at) : at + 1;
            depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
            if (depth == 0 && c is '}' or ']')
                return at;
        }
        return text.Length;
    }

    /// <summary>That a secret is missing may be seen.</summary>
    static bool IsNothing(ReadOnlySpan<char> value) => value.Trim() is "null" or "\"\"";

    static string Unescape(string quoted)
    {
        var inner = quoted.AsSpan(1, Math.Max(0, quoted.Length - (quoted.Length > 1 && quoted.EndsWith('"') ? 2 : 1)));
        if (!inner.Contains('\\'))
            return inner.ToString();
        var text = new StringBuilder(inner.Length);
        for (var at = 0; at < inner.Length; at++)
        {
            if (inner[at] != '\\' || ++at == inner.Length)
            {
                if (at < inner.Length)
                    text.Append(inner[at]);
                continue;
            }
            if (inner[at] == 'u' && at + 4 < inner.Length && ushort.TryParse(inner.Slice(at + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
            {
                text.Append((char)code);
                at += 4;
            }
            else
                text.Append(inner[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var c => c });
        }
        return text.ToString();
    }

    // a URL up to its query, the user before its host apart
    [GeneratedRegex("""(?<start>[A-Za-z][A-Za-z0-9+.-]*://)(?<user>[^\s"'<>/?#@]*@)?(?<rest>[^\s"'<>?#]*)(?<query>\?[^\s"'<>]*)?""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Url();

    // device URLs, those of files and those of firmware: the token is all of the right
    [GeneratedRegex("""(?<start>/o/([fu]/)?)[A-Za-z0-9_%-]+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OwnToken();

    [GeneratedRegex("""(?<name>[A-Za-z][A-Za-z0-9_-]{0,63})(?<is>'?\s{0,4}[=:]\s{0,4}'?)[^\s"'&,;{}\[\]]+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();

    [GeneratedRegex("""(?<name>[A-Za-z][A-Za-z0-9_-]{0,63})'?\s{0,4}[=:]\s{0,4}$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex NameAtEnd();

    [GeneratedRegex("""\b(?<scheme>Bearer|Basic|AWS4-HMAC-SHA256)\s+\S+""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Bearer();

    // a password that a Tencent SDK makes
    [GeneratedRegex("""[0-9A-Fa-f]{40,64};hmacsha[0-9]+""", RegexOptions.NonBacktracking)]
    private static partial Regex Mac();
}
