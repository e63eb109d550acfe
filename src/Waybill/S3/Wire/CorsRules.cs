using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Waybill.S3.Wire;

/// <summary>One rule of a bucket: which origins may do what.</summary>
sealed record CorsRule(
    IReadOnlyList<string> Origins, IReadOnlyList<string> Methods, IReadOnlyList<string> Headers, IReadOnlyList<string> Exposed, int? MaxAge)
{
    public bool Allows(string origin, string method, IEnumerable<string> headers) =>
        Methods.Contains(method, StringComparer.Ordinal)
        && Origins.Any(o => Matches(o, origin))
        && headers.All(h => Headers.Any(allowed => Matches(allowed.ToLowerInvariant(), h.ToLowerInvariant())));

    public bool IsForAll => Origins.Contains("*", StringComparer.Ordinal);

    /// <summary>One star stands for any characters.</summary>
    static bool Matches(string pattern, string text)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? pattern == text
            : text.Length >= pattern.Length - 1
                && text.StartsWith(pattern[..star], StringComparison.Ordinal) && text.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal);
    }
}

/// <summary>A bucket's rules in the order they are tried.</summary>
sealed record CorsRules(IReadOnlyList<CorsRule> Rules)
{
    const int MostRules = 100;

    static readonly string[] s_methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

    public static CorsRules? Parse(string? text) => text is null ? null : Read(XmlQuestion.Parse(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="RefusedException">It says nothing, too much or something wrong.</exception>
    public static CorsRules Read(XElement configuration)
    {
        var rules = configuration.Children("CORSRule").Select(ReadRule).ToList();
        return rules.Count is > 0 and <= MostRules ? new(rules) : throw S3Refusals.MalformedXml();
    }

    public void Write(XmlWriter xml)
    {
        foreach (var rule in Rules)
            xml.Group("CORSRule", one => WriteRule(one, rule));
    }

    static CorsRule ReadRule(XElement rule)
    {
        var read = new CorsRule(
            Texts(rule, "AllowedOrigin"), Texts(rule, "AllowedMethod"), Texts(rule, "AllowedHeader"), Texts(rule, "ExposeHeader"), MaxAgeOf(rule));
        if (read.Origins.Count == 0 || read.Methods.Count == 0)
            throw S3Refusals.MalformedXml();
        if (read.Methods.FirstOrDefault(m => !s_methods.Contains(m, StringComparer.Ordinal)) is { } other)
            throw S3Refusals.InvalidRequest($"Found unsupported HTTP method in CORS config. Unsupported method is {other}");
        return read.Origins.Concat(read.Headers).Any(p => p.Count(c => c == '*') > 1)
            ? throw S3Refusals.InvalidRequest("AllowedOrigin and AllowedHeader can not have more than one wildcard.")
            : read;
    }

    static void WriteRule(XmlWriter xml, CorsRule rule)
    {
        foreach (var (name, values) in new[]
        {
            ("AllowedOrigin", rule.Origins), ("AllowedMethod", rule.Methods), ("AllowedHeader", rule.Headers), ("ExposeHeader", rule.Exposed),
        })
        {
            foreach (var value in values)
                xml.Value(name, value);
        }
        if (rule.MaxAge is { } seconds)
            xml.Value("MaxAgeSeconds", seconds);
    }

    static List<string> Texts(XElement rule, string name) =>
        [.. rule.Children(name).Select(e => e.Value.Trim()).Select(t => t.Length is > 0 and <= 1024 && !t.Any(char.IsControl) && t.All(char.IsAscii) ? t : throw S3Refusals.MalformedXml())];

    static int? MaxAgeOf(XElement rule)
    {
        if (rule.Child("MaxAgeSeconds")?.Value is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : throw S3Refusals.MalformedXml();
    }
}
