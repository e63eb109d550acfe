using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Waybill.Protocols;

namespace Waybill.Tests.Protocols;

/// <summary>The variables and contents of one conversation while it is played.</summary>
sealed partial class TranscriptWords
{
    readonly Dictionary<string, string> words = new(StringComparer.Ordinal);
    readonly Dictionary<string, byte[]> contents = new(StringComparer.Ordinal);

    /// <summary><c>content name bytes [seed]</c>.</summary>
    public void Define(string step)
    {
        var parts = step.Split(' ');
        var seed = parts.Length > 3 ? int.Parse(parts[3]) : 0;
        var bytes = new byte[int.Parse(parts[2])];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(31 * i + (i >> 8) + seed);
        var md5 = Md5Digest.FromBytes(MD5.HashData(bytes));
        contents[parts[1]] = bytes;
        words[parts[1] + ".size"] = parts[2];
        words[parts[1] + ".md5"] = md5.ToString();
        words[parts[1] + ".MD5"] = md5.ToString().ToUpperInvariant();
        words[parts[1] + ".content-md5"] = md5.ToBase64();
    }

    /// <summary><c>name</c> or <c>name[a..b]</c>.</summary>
    public ReadOnlyMemory<byte> Content(string expression)
    {
        var match = Slice().Match(expression);
        if (!match.Success)
            return contents[expression];
        var bytes = contents[match.Groups["content"].Value];
        var end = match.Groups["end"].Length > 0 ? int.Parse(match.Groups["end"].ValueSpan) : bytes.Length;
        return bytes.AsMemory()[int.Parse(match.Groups["start"].ValueSpan)..end];
    }

    public bool Knows(string word) => words.ContainsKey(word);

    /// <summary>The text with every variable replaced; one that was never captured is an error of the transcript.</summary>
    public string Fill(string text) => Variable().Replace(text, m => words[m.Groups["word"].Value]);

    /// <summary>Whether the text is what the line says; captures the variables that are met for the first time.</summary>
    public bool Matches(string line, string text)
    {
        var pattern = new StringBuilder("^");
        var fresh = new List<string>();
        var at = 0;
        foreach (Match variable in Variable().Matches(line))
        {
            pattern.Append(Regex.Escape(line[at..variable.Index]));
            at = variable.Index + variable.Length;
            if (words.TryGetValue(variable.Groups["word"].Value, out var known))
            {
                pattern.Append(Regex.Escape(known));
                continue;
            }
            pattern.Append("([^\"]+)");
            fresh.Add(variable.Groups["word"].Value);
        }
        var match = Regex.Match(text, pattern.Append(Regex.Escape(line[at..])).Append("\\z").ToString(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        for (var i = 0; match.Success && i < fresh.Count; i++)
            words[fresh[i]] = match.Groups[i + 1].Value;
        return match.Success;
    }

    [GeneratedRegex(@"\{(?<word>[A-Za-z][A-Za-z0-9.-]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(?<content>.+)\[(?<start>\d+)\.\.(?<end>\d*)\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Slice();
}
